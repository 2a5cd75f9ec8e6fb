import type { z } from 'zod';
import type { dataListApi, DataListCaseRow } from '../../../common/api/data-list.ts';
import type { MmarId } from '../../../common/api/ids.ts';
import type { EditorApi } from './editor-api.ts';

export type Survey = z.output<(typeof dataListApi)['survey']['output']>;

/** Cases that are shown at once. */
const PAGE = 24;

/** The data list that an MMAR's environment names, as main finds it on the disk. */
export class DataSurvey {
  readonly #api: EditorApi;
  readonly #mmar: MmarId;
  #survey = $state.raw<Survey | undefined>(undefined);
  #error = $state.raw<unknown>(undefined);
  #isLoading = $state(false);
  #key = $state<string | undefined>(undefined);
  #cases = $state.raw<readonly DataListCaseRow[]>([]);
  #isFull = $state(true);

  constructor(api: EditorApi, mmar: MmarId) {
    this.#api = api;
    this.#mmar = mmar;
  }

  get survey(): Survey | undefined {
    return this.#survey;
  }

  get error(): unknown {
    return this.#error;
  }

  get isLoading(): boolean {
    return this.#isLoading;
  }

  /** The section whose cases are shown. */
  get key(): string | undefined {
    return this.#key;
  }

  get cases(): readonly DataListCaseRow[] {
    return this.#cases;
  }

  /** False while the section has more cases than are shown. */
  get isFull(): boolean {
    return this.#isFull;
  }

  async load(): Promise<void> {
    this.#isLoading = true;
    try {
      this.#survey = await this.#api.dataList.survey({ mmar: this.#mmar });
      this.#error = undefined;
      const { sections } = this.#survey;
      const kept = sections.find(({ key }) => key === this.#key) ?? sections[0];
      if (kept !== undefined) await this.choose(kept.key);
    } catch (error) {
      this.#error = error;
    } finally {
      this.#isLoading = false;
    }
  }

  async choose(key: string): Promise<void> {
    this.#key = key;
    this.#cases = [];
    await this.more();
  }

  /** Reads the next cases of the section. */
  async more(): Promise<void> {
    const key = this.#key;
    if (key === undefined) return;
    const from = this.#cases.length;
    const next = await this.#api.dataList.cases({ mmar: this.#mmar, key, from, most: PAGE });
    if (this.#key !== key || this.#cases.length !== from) return;
    this.#cases = [...this.#cases, ...next];
    this.#isFull = next.length < PAGE;
  }
}
