import type { MmarId } from '../../../common/api/ids.ts';
import type { VolumePlace } from '../../../common/api/images.ts';
import type { CaseScore, Evaluation } from '../../../common/api/results.ts';
import { api } from '../../api.ts';
import { makeOverlay, type LabelOverlay } from '../../viewer/label-overlay.ts';
import { openVolume } from '../../viewer/volume/open-volume.ts';
import type { ViewVolume } from '../../viewer/volume/view-volume.ts';
import { Viewer } from '../../viewer/viewer.svelte.ts';

interface JobPlace {
  readonly mmar: MmarId;
  readonly run: string;
  readonly job: string;
}

/** A job's model on the validation cases: scores, worst first, and its segmentation of a case over the truth. */
export class CasesModel {
  readonly viewer = new Viewer();
  readonly #place: JobPlace;
  #evaluation = $state.raw<Evaluation | undefined>(undefined);
  #problem = $state.raw<unknown>(undefined);
  #imageProblem = $state.raw<unknown>(undefined);
  #chosen = $state.raw<CaseScore | undefined>(undefined);
  #isOpening = $state(false);
  #isAsking = $state(false);
  #opening = new AbortController();
  /** What is on show: a case is opened again when its segmentation has come. */
  #shown = '';
  #names = $state.raw<Readonly<Record<string, string>>>({});

  constructor(place: JobPlace) {
    this.#place = place;
  }

  /** Undefined until it is known how it stands. */
  get evaluation(): Evaluation | undefined {
    return this.#evaluation;
  }

  /** Why it cannot be said how it stands, or why it could not begin. */
  get problem(): unknown {
    return this.#problem;
  }

  /** Why the image of the case is not shown. */
  get imageProblem(): unknown {
    return this.#imageProblem;
  }

  get chosen(): CaseScore | undefined {
    return this.#chosen;
  }

  get isOpening(): boolean {
    return this.#isOpening;
  }

  /** The evaluation was asked for and has not begun. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  /** A class by the name that the data list gives it. @param key as the evaluation has it: `class2` */
  nameOfClass(key: string): string {
    const number = /^class(\d+)$/.exec(key)?.[1];
    return number === undefined ? key : (this.#names[number] ?? `Class ${number}`);
  }

  /** Follows the evaluation until the signal aborts, and shows the worst case as soon as it is known. */
  async follow(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#opening.abort(), { once: true });
    try {
      this.#names = (await api.dataList.survey({ mmar: this.#place.mmar })).labels ?? {};
    } catch {
      // Labels are called by their numbers then.
    }
    try {
      for await (const evaluation of api.results.evaluation(this.#place, { signal })) {
        this.#evaluation = evaluation;
        const same = evaluation.cases.find(({ index }) => index === this.#chosen?.index);
        const next = same ?? evaluation.cases[0];
        if (next !== undefined) void this.choose(next);
      }
    } catch (error) {
      if (!signal.aborted) this.#problem = error;
    }
  }

  async evaluate(): Promise<void> {
    this.#problem = undefined;
    this.#isAsking = true;
    try {
      await api.results.evaluate(this.#place);
    } catch (error) {
      this.#problem = error;
    } finally {
      this.#isAsking = false;
    }
  }

  async cancel(): Promise<void> {
    try {
      await api.results.cancelEvaluation(this.#place);
    } catch (error) {
      this.#problem = error;
    }
  }

  /** Shows a case: image, truth as an outline, segmentation filled. */
  async choose(chosen: CaseScore): Promise<void> {
    const wanted = JSON.stringify([chosen.list, chosen.index, chosen.segmentation]);
    const isSameCase = chosen.index === this.#chosen?.index;
    this.#chosen = chosen;
    if (wanted === this.#shown) return;
    this.#shown = wanted;
    this.#opening.abort();
    this.#opening = new AbortController();
    await this.#open(chosen, isSameCase, this.#opening.signal);
  }

  async #open({ list, index, segmentation }: CaseScore, keep: boolean, signal: AbortSignal): Promise<void> {
    const { mmar } = this.#place;
    this.#isOpening = true;
    this.#imageProblem = undefined;
    try {
      const image = await openVolume({ from: 'case', mmar, list, index, key: 'image' }, signal);
      const overlays = [
        await this.#openOverlay(image, 'Truth', { from: 'case', mmar, list, index, key: 'label' }, signal),
        segmentation === undefined
          ? undefined
          : await this.#openOverlay(
              image,
              'Segmentation',
              { from: 'file', mmar, path: segmentation },
              signal,
            ),
      ];
      if (signal.aborted) return;
      this.viewer.show({ image, overlays: overlays.filter((overlay) => overlay !== undefined) }, { keep });
    } catch (error) {
      if (!signal.aborted) this.#imageProblem = error;
    } finally {
      if (!signal.aborted) this.#isOpening = false;
    }
  }

  /** An overlay that cannot be opened leaves the image and the other one, and says so. */
  async #openOverlay(
    image: ViewVolume,
    name: 'Truth' | 'Segmentation',
    place: VolumePlace,
    signal: AbortSignal,
  ): Promise<LabelOverlay | undefined> {
    try {
      const volume = await openVolume(place, signal);
      const style = name === 'Truth' ? 'outline' : 'fill';
      return makeOverlay({ id: name, name, volume, style, names: this.#names }, image);
    } catch (error) {
      if (!signal.aborted) this.#imageProblem = error;
      return undefined;
    }
  }
}
