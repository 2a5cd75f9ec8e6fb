import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { FileEntry } from '../../../common/api/files.ts';
import type { MmarId } from '../../../common/api/ids.ts';
import type { EditorApi } from './editor-api.ts';

/** One line of the tree. */
export interface TreeRow {
  readonly entry: FileEntry;
  readonly depth: number;
  readonly isOpen: boolean;
  /** The number of entries of this folder that are not listed. */
  readonly leftOut: number;
}

interface Listing {
  readonly entries: readonly FileEntry[];
  readonly leftOut: number;
}

/** Folders that are open at first; the others hold what nobody edits. */
const OPEN_AT_FIRST = ['config'];

/** The folders and files of an MMAR, as far as they were opened. */
export class FileTree {
  readonly #api: EditorApi;
  readonly #mmar: MmarId;
  readonly #listings = new SvelteMap<string, Listing>();
  readonly #open = new SvelteSet<string>(OPEN_AT_FIRST);
  #error = $state.raw<unknown>(undefined);
  readonly rows: readonly TreeRow[] = $derived(this.#rowsOf('', 0));

  constructor(api: EditorApi, mmar: MmarId) {
    this.#api = api;
    this.#mmar = mmar;
  }

  get error(): unknown {
    return this.#error;
  }

  get isLoaded(): boolean {
    return this.#listings.has('');
  }

  /** Folders whose entries are shown; '' for the MMAR itself. */
  get shownFolders(): readonly string[] {
    return ['', ...[...this.#open].filter((folder) => this.#listings.has(folder))];
  }

  has(path: string): boolean {
    const folder = path.split('/').slice(0, -1).join('/');
    return this.#listings.get(folder)?.entries.some((entry) => entry.path === path) ?? false;
  }

  /** The files of an open folder. */
  filesIn(folder: string): readonly FileEntry[] {
    return this.#listings.get(folder)?.entries.filter(({ kind }) => kind === 'file') ?? [];
  }

  async load(): Promise<void> {
    await this.refresh('');
    await Promise.all(
      [...this.#open].filter((folder) => this.has(folder)).map((folder) => this.refresh(folder)),
    );
  }

  /** Reads a folder again. One that is gone is closed; of the MMAR itself what was there last is shown on. */
  async refresh(folder: string): Promise<void> {
    try {
      this.#listings.set(folder, await this.#api.files.list({ mmar: this.#mmar, folder }));
      if (folder === '') this.#error = undefined;
    } catch (error) {
      if (folder === '') this.#error = error;
      else this.#listings.delete(folder);
    }
  }

  async toggle(folder: string): Promise<void> {
    if (this.#open.delete(folder)) return;
    this.#open.add(folder);
    await this.refresh(folder);
  }

  /** Opens the folders that a file stands in. */
  async reveal(path: string): Promise<void> {
    const parts = path.split('/').slice(0, -1);
    for (const depth of parts.keys()) {
      const folder = parts.slice(0, depth + 1).join('/');
      if (this.#open.has(folder) && this.#listings.has(folder)) continue;
      this.#open.add(folder);
      await this.refresh(folder);
    }
  }

  #rowsOf(folder: string, depth: number): readonly TreeRow[] {
    const listing = this.#listings.get(folder);
    return (listing?.entries ?? []).flatMap((entry) => {
      const isOpen = entry.kind === 'folder' && this.#open.has(entry.path);
      const leftOut = isOpen ? (this.#listings.get(entry.path)?.leftOut ?? 0) : 0;
      const row = { entry, depth, isOpen, leftOut };
      return isOpen ? [row, ...this.#rowsOf(entry.path, depth + 1)] : [row];
    });
  }
}
