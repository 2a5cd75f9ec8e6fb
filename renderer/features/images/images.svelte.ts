import type { DataListCaseRow, DataListSection } from '../../../common/api/data-list.ts';
import type { MmarId } from '../../../common/api/ids.ts';
import type { Fault } from '../../../common/fault.ts';
import { api } from '../../api.ts';
import { makeOverlay } from '../../viewer/label-overlay.ts';
import { openVolume } from '../../viewer/volume/open-volume.ts';
import { showWhileOpening } from '../../viewer/volume/show-while-opening.ts';
import type { ViewVolume } from '../../viewer/volume/view-volume.ts';
import { Viewer } from '../../viewer/viewer.svelte.ts';
import { caseName } from './case-name.ts';
import { Pipeline } from './pipeline.svelte.ts';

/** A case of the data list. */
export interface ListedCase {
  readonly list: string;
  readonly row: DataListCaseRow;
}

const PAGE = 100;

/** Cases of an MMAR, the one that is looked at, and what the transforms make of it. */
export class ImagesModel {
  readonly mmar: MmarId;
  readonly viewer = new Viewer();
  readonly pipeline: Pipeline;
  #sections = $state.raw<readonly DataListSection[]>([]);
  #labels = $state.raw<Readonly<Record<string, string>>>({});
  #cases = $state.raw<readonly ListedCase[]>([]);
  #faults = $state.raw<readonly Fault[]>([]);
  #problem = $state.raw<unknown>(undefined);
  #imageProblem = $state.raw<unknown>(undefined);
  #labelProblem = $state.raw<unknown>(undefined);
  #chosen = $state.raw<ListedCase | undefined>(undefined);
  #isListed = $state(false);
  #isOpening = $state(false);
  #opening = new AbortController();
  /** Which channel, or time point, of the image is shown. */
  channel = $state(0);
  /** Which series of a DICOM folder is shown, the largest first. */
  series = $state(0);
  search = $state('');
  /** Whether the transforms are looked at, or the image as it is. */
  #mode = $state<'image' | 'pipeline'>('image');

  readonly found = $derived.by(() => {
    const words = this.search.toLowerCase().split(/\s+/).filter(Boolean);
    return this.#cases.filter((item) => {
      const text = `${caseName(item.row)} ${item.list}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  });

  constructor(mmar: MmarId) {
    this.mmar = mmar;
    this.pipeline = new Pipeline(mmar, this.viewer, () => this.#labels);
  }

  get sections(): readonly DataListSection[] {
    return this.#sections;
  }

  get cases(): readonly ListedCase[] {
    return this.#cases;
  }

  /** What is wrong with the data list. */
  get faults(): readonly Fault[] {
    return this.#faults;
  }

  /** Why the cases could not be listed at all. */
  get problem(): unknown {
    return this.#problem;
  }

  /** Why the image of the case is not shown. */
  get imageProblem(): unknown {
    return this.#imageProblem;
  }

  /** Why the label of the case is not shown. */
  get labelProblem(): unknown {
    return this.#labelProblem;
  }

  get chosen(): ListedCase | undefined {
    return this.#chosen;
  }

  get isListed(): boolean {
    return this.#isListed;
  }

  get isOpening(): boolean {
    return this.#isOpening;
  }

  get mode(): 'image' | 'pipeline' {
    return this.#mode;
  }

  /** Lists the cases and opens the first one that can be opened. */
  async start(): Promise<void> {
    try {
      const { sections, labels, faults } = await api.dataList.survey({ mmar: this.mmar });
      this.#sections = sections;
      this.#labels = labels ?? {};
      this.#faults = faults;
      for (const { key, cases } of sections) {
        for (let from = 0; from < cases; from += PAGE) {
          const rows = await api.dataList.cases({ mmar: this.mmar, key, from, most: PAGE });
          this.#cases = [...this.#cases, ...rows.map((row) => ({ list: key, row }))];
          const first = this.#cases.find(({ row }) => row.files.some(({ sizeBytes }) => sizeBytes !== null));
          if (this.#chosen === undefined && first !== undefined) void this.choose(first);
        }
      }
    } catch (error) {
      this.#problem = error;
    }
    this.#isListed = true;
  }

  /** Shows a case: its image with its label, or what the transforms make of it. */
  async choose(item: ListedCase): Promise<void> {
    if (item !== this.#chosen) [this.channel, this.series] = [0, 0];
    this.#chosen = item;
    if (this.#mode === 'pipeline') await this.pipeline.run(item.list, item.row.index);
    else await this.#open(item);
  }

  /** The case before or after the chosen one, among those that were found. */
  async step(by: 1 | -1): Promise<void> {
    const at = this.found.findIndex((item) => item === this.#chosen);
    const next = this.found[at + by];
    if (next !== undefined) await this.choose(next);
  }

  async showMode(mode: 'image' | 'pipeline'): Promise<void> {
    if (mode === this.#mode) return;
    this.#mode = mode;
    if (mode === 'image') this.pipeline.stop();
    if (this.#chosen !== undefined) await this.choose(this.#chosen);
  }

  async showChannel(channel: number): Promise<void> {
    this.channel = channel;
    if (this.#chosen !== undefined) await this.#open(this.#chosen, true);
  }

  async showSeries(series: number): Promise<void> {
    this.series = series;
    if (this.#chosen !== undefined) await this.#open(this.#chosen);
  }

  dispose(): void {
    this.#opening.abort();
    this.pipeline.stop();
  }

  async #open(item: ListedCase, keep = false): Promise<void> {
    this.#opening.abort();
    const { signal } = (this.#opening = new AbortController());
    this.#isOpening = true;
    this.#imageProblem = undefined;
    this.#labelProblem = undefined;
    try {
      // Both are on their way at once; main reads one after the other.
      const opening = keep
        ? openVolume(this.#placeOf(item, 'image'), signal).then((image) => ({ image, keep: true }))
        : showWhileOpening(this.viewer, this.#placeOf(item, 'image'), signal);
      const labelling = this.#openLabel(item, signal);
      const opened = await opening;
      const label = await labelling;
      const names = this.#labels;
      const overlays =
        label === undefined
          ? []
          : [makeOverlay({ id: 'label', name: 'Label', volume: label, names }, opened.image)];
      if (!signal.aborted) this.viewer.show({ image: opened.image, overlays }, { keep: opened.keep });
    } catch (error) {
      if (signal.aborted) return;
      this.#imageProblem = error;
      this.viewer.clear();
    }
    if (!signal.aborted) this.#isOpening = false;
  }

  /** The label of a case; one that cannot be read does not keep the image from being shown. */
  async #openLabel(item: ListedCase, signal: AbortSignal): Promise<ViewVolume | undefined> {
    if (!item.row.files.some(({ key }) => key === 'label')) return undefined;
    try {
      return await openVolume({ ...this.#placeOf(item, 'label'), channel: 0 }, signal);
    } catch (error) {
      if (!signal.aborted) this.#labelProblem = error;
      return undefined;
    }
  }

  #placeOf({ list, row }: ListedCase, key: string) {
    const files = row.files.filter((file) => file.key === key).length;
    // Several files are a channel each; one file may have channels of its own.
    const place = files > 1 ? { file: this.channel, channel: 0 } : { file: 0, channel: this.channel };
    const series = key === 'image' ? this.series : 0;
    return { from: 'case' as const, mmar: this.mmar, list, index: row.index, key, series, ...place };
  }
}
