import type { CaseSource, FoundCase } from '../../../../common/api/data-list.ts';
import type { Fault } from '../../../../common/fault.ts';
import type { DataListForm } from './data-list-form.svelte.ts';

/** Where cases to be added are, what was found there, and which of it is new. */
export class AddCases {
  readonly form: DataListForm;
  kind = $state<CaseSource['kind']>('folders');
  /** The section that they are added to. */
  target = $state('');
  folder = $state('');
  images = $state('');
  labels = $state('');
  imagePattern = $state('');
  labelPattern = $state('');
  imageFile = $state('');
  labelFile = $state('');
  #found = $state.raw<readonly FoundCase[] | undefined>(undefined);
  #notes = $state.raw<readonly Fault[]>([]);
  #problem = $state.raw<unknown>(undefined);
  #isLooking = $state(false);
  #asked = 0;

  /** Undefined while it is not complete. */
  readonly source: CaseSource | undefined = $derived.by(() => {
    const { kind } = this;
    if (kind === 'folders')
      return this.folder === ''
        ? undefined
        : {
            kind,
            folder: this.folder,
            ...(this.images === '' ? {} : { images: this.images }),
            ...(this.labels === '' ? {} : { labels: this.labels }),
          };
    if (kind === 'pattern')
      return this.imagePattern.trim() === ''
        ? undefined
        : {
            kind,
            image: this.imagePattern,
            ...(this.labelPattern === '' ? {} : { label: this.labelPattern }),
          };
    return this.imageFile === ''
      ? undefined
      : { kind, images: [this.imageFile], ...(this.labelFile === '' ? {} : { label: this.labelFile }) };
  });
  /** The cases whose image the list does not have yet. */
  readonly fresh: readonly FoundCase[] = $derived.by(() => {
    const listed = new Set(this.form.cases.map(({ image }) => image.join('\n')));
    return (this.#found ?? []).filter(({ image }) => !listed.has([image].flat().join('\n')));
  });

  constructor(form: DataListForm) {
    this.form = form;
    this.target = form.shown ?? form.keys.training;
  }

  get found(): readonly FoundCase[] | undefined {
    return this.#found;
  }

  /** Files without a partner. */
  get notes(): readonly Fault[] {
    return this.#notes;
  }

  get problem(): unknown {
    return this.#problem;
  }

  get isLooking(): boolean {
    return this.#isLooking;
  }

  /** Looks for cases. A later question makes the answer to an earlier one worthless. */
  async look(source: CaseSource | undefined): Promise<void> {
    const asked = ++this.#asked;
    this.#isLooking = source !== undefined;
    if (source === undefined) return this.#answer(undefined, [], undefined);
    const { editor, root } = this.form;
    try {
      const { cases, notes } = await editor.api.dataList.find({ mmar: editor.mmar, root, source });
      if (asked === this.#asked) this.#answer(cases, notes, undefined);
    } catch (error) {
      if (asked === this.#asked) this.#answer(undefined, [], error);
    }
  }

  add(): void {
    this.form.add(this.target, this.fresh);
  }

  #answer(found: readonly FoundCase[] | undefined, notes: readonly Fault[], problem: unknown): void {
    this.#found = found;
    this.#notes = notes;
    this.#problem = problem;
    this.#isLooking = false;
  }
}
