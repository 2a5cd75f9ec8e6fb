import { MOST_INSPECTED, type InspectedFile } from '../../../../common/api/data-list.ts';
import type { MmarId } from '../../../../common/api/ids.ts';
import type { EditorApi } from '../editor-api.ts';

/** Paths in one call: an answer comes soon, and is shown at once. */
const AT_ONCE = Math.min(200, MOST_INSPECTED);

/** What is known of the files that a data list names: looked at in the background, a part at a time. */
export class FileInspector {
  readonly #api: EditorApi;
  readonly #mmar: MmarId;
  #root: string | undefined;
  #waiting: readonly string[] = [];
  #isBusy = false;
  #known = $state.raw<ReadonlyMap<string, InspectedFile>>(new Map());
  #left = $state(0);
  #error = $state.raw<unknown>(undefined);

  constructor(api: EditorApi, mmar: MmarId) {
    this.#api = api;
    this.#mmar = mmar;
  }

  /** By path, as the list writes it. */
  get known(): ReadonlyMap<string, InspectedFile> {
    return this.#known;
  }

  /** Files that are still to be looked at. */
  get left(): number {
    return this.#left;
  }

  /** Why the files could not be looked at. */
  get error(): unknown {
    return this.#error;
  }

  /** Looks at the files that are not known yet, in this order. Another root makes everything unknown. */
  look(root: string, paths: readonly string[]): void {
    if (root !== this.#root) {
      this.#root = root;
      this.#known = new Map();
    }
    this.#waiting = [...new Set(paths)].filter((path) => !this.#known.has(path));
    this.#left = this.#waiting.length;
    void this.#work();
  }

  /** Forgets what is known: the disk may hold something else now. */
  forget(): void {
    this.#root = undefined;
  }

  /** Stops; what is known stays. */
  stop(): void {
    this.#waiting = [];
    this.#left = 0;
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#waiting.length > 0) {
        const root = this.#root ?? '';
        const paths = this.#waiting.slice(0, AT_ONCE);
        const found = await this.#api.dataList.inspect({ mmar: this.#mmar, root, paths });
        if (root !== this.#root) continue;
        this.#known = new Map([...this.#known, ...found.map((file) => [file.path, file] as const)]);
        this.#waiting = this.#waiting.filter((path) => !this.#known.has(path));
        this.#left = this.#waiting.length;
        this.#error = undefined;
      }
    } catch (error) {
      this.#error = error;
      this.stop();
    } finally {
      this.#isBusy = false;
    }
  }
}
