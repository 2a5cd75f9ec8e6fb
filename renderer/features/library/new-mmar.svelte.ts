import { mmarName, type DataSource, type DataSurvey } from '../../../common/api/library.ts';
import type { MmarId } from '../../../common/api/ids.ts';
import { api } from '../../api.ts';

/** The form of a new MMAR. */
export class NewMmarForm {
  template = $state('');
  name = $state('');
  kind = $state<DataSource['kind']>('list');
  listFile = $state('');
  dataFolder = $state('');
  images = $state('');
  labels = $state('');
  validation = $state(0.2);
  seed = $state<number | undefined>(0);
  #survey = $state.raw<DataSurvey | undefined>(undefined);
  #surveyProblem = $state.raw<unknown>(undefined);
  #isSurveying = $state(false);
  #problem = $state.raw<unknown>(undefined);
  #isBusy = $state(false);
  #asked = 0;

  readonly #nameProblem = $derived.by(() => {
    if (this.name === '') return undefined;
    const read = mmarName.safeParse(this.name);
    return read.success ? undefined : `The name ${read.error.issues[0]?.message ?? 'cannot be used'}`;
  });

  readonly #source = $derived.by((): DataSource | undefined => {
    if (this.kind === 'none') return { kind: 'none' };
    if (this.kind === 'list') return this.listFile === '' ? undefined : { kind: 'list', file: this.listFile };
    if (this.dataFolder === '') return undefined;
    return {
      kind: 'folders',
      folder: this.dataFolder,
      validation: this.validation,
      seed: this.seed ?? 0,
      ...(this.images === '' ? {} : { images: this.images }),
      ...(this.labels === '' ? {} : { labels: this.labels }),
    };
  });

  /** What is wrong with the name that was typed. */
  get nameProblem(): string | undefined {
    return this.#nameProblem;
  }

  /** Undefined while it is not complete. */
  get source(): DataSource | undefined {
    return this.#source;
  }

  get survey(): DataSurvey | undefined {
    return this.#survey;
  }

  get surveyProblem(): unknown {
    return this.#surveyProblem;
  }

  get isSurveying(): boolean {
    return this.#isSurveying;
  }

  /** Why it was not made. */
  get problem(): unknown {
    return this.#problem;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  get canCreate(): boolean {
    return (
      this.template !== '' &&
      this.name.trim() !== '' &&
      this.#nameProblem === undefined &&
      this.#source !== undefined &&
      this.#surveyProblem === undefined &&
      !this.#isBusy
    );
  }

  /** Looks what is in the data that was chosen; only the answer to the last question counts. */
  async look(source: DataSource | undefined): Promise<void> {
    const asked = ++this.#asked;
    this.#survey = undefined;
    this.#surveyProblem = undefined;
    this.#isSurveying = source !== undefined && source.kind !== 'none';
    if (source === undefined || source.kind === 'none') return;
    try {
      const survey = await api.library.surveyData({ source });
      if (asked === this.#asked) this.#survey = survey;
    } catch (error) {
      if (asked === this.#asked) this.#surveyProblem = error;
    }
    if (asked === this.#asked) this.#isSurveying = false;
  }

  /** Makes the MMAR; undefined when that failed, which `problem` then tells. */
  async create(): Promise<MmarId | undefined> {
    const source = this.#source;
    if (source === undefined) return undefined;
    this.#isBusy = true;
    this.#problem = undefined;
    try {
      const { template, name } = this;
      return (await api.library.create({ template, name: name.trim(), source })).mmar;
    } catch (error) {
      this.#problem = error;
      return undefined;
    } finally {
      this.#isBusy = false;
    }
  }
}
