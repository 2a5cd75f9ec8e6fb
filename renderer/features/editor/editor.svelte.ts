import type { MmarId } from '../../../common/api/ids.ts';
import type { JsonPath } from '../../../common/json.ts';
import { findRange } from '../../../common/mmar-edit/find-node.ts';
import { RpcError } from '../../../common/rpc/rpc-error.ts';
import type { EditorApi } from './editor-api.ts';
import { ENVIRONMENT, TRAIN_CONFIG } from './editor-files.ts';
import { FileTree } from './file-tree.svelte.ts';
import { MmarCheck } from './mmar-check.svelte.ts';
import type { OpenFile } from './open-file.svelte.ts';
import { OpenFiles } from './open-files.svelte.ts';

/** More files of config/ than this are read only when they are opened. */
const MOST_CONFIGS = 40;

/** How a document is shown. */
export type EditorMode = 'form' | 'split' | 'text' | 'diff';

/** The editor of one MMAR: which file is shown, and how. It lives on while other views are shown. */
export class Editor {
  readonly mmar: MmarId;
  readonly api: EditorApi;
  readonly tree: FileTree;
  readonly files: OpenFiles;
  readonly mmarCheck: MmarCheck;
  #active = $state<string | undefined>(undefined);
  #mode = $state<EditorMode>('form');
  #focus = $state.raw<{ readonly path: JsonPath } | undefined>(undefined);
  #watching: AbortController | undefined;
  #loading: Promise<void> | undefined;

  readonly active: OpenFile | undefined = $derived.by(() =>
    this.#active === undefined ? undefined : this.files.of(this.#active),
  );

  constructor(mmar: MmarId, api: EditorApi) {
    this.mmar = mmar;
    this.api = api;
    this.tree = new FileTree(api, mmar);
    this.files = new OpenFiles(api, mmar);
    this.mmarCheck = new MmarCheck(api, mmar);
  }

  get activePath(): string | undefined {
    return this.#active;
  }

  get mode(): EditorMode {
    return this.#mode;
  }

  /** Where the form is to scroll to; a new object for each request. */
  get focus(): { readonly path: JsonPath } | undefined {
    return this.#focus;
  }

  /** Reads the tree and what every check needs, brings unsaved texts back, and begins to watch. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  async #load(): Promise<void> {
    await this.tree.load();
    const drafts = await this.files.loadDrafts();
    // All configs are read: checks need them, and the tree says what is wrong with each.
    const known = this.tree
      .filesIn('config')
      .map(({ path }) => path)
      .filter((path) => path.endsWith('.json'))
      .slice(0, MOST_CONFIGS);
    const unsaved = drafts.filter((path) => !known.includes(path));
    // The environment says what the others are checked against.
    if (known.includes(ENVIRONMENT)) await this.files.read(ENVIRONMENT);
    const others = [...known, ...unsaved].filter((path) => !this.files.has(path));
    await Promise.all(others.map((path) => this.files.read(path)));
    if (this.#active === undefined) {
      const first = [TRAIN_CONFIG, ...known].find((path) => this.files.has(path));
      if (first !== undefined) await this.open(first);
    }
    this.watch();
  }

  /** Shows a file. */
  async open(path: string): Promise<void> {
    this.#active = path;
    if (this.#mode === 'diff') this.#mode = 'form';
    if (!this.files.has(path)) await this.files.read(path);
    void this.tree.reveal(path);
    this.watch();
  }

  /** Shows the place that something is about: in the form, or in the text where that is shown. */
  async show(path: string, at: JsonPath): Promise<void> {
    await this.open(path);
    const file = this.files.of(path);
    if (file === undefined) return;
    if (this.#mode !== 'text' && file.hasForm) this.#focus = { path: at };
    if (this.#mode === 'text' || this.#mode === 'split' || !file.hasForm)
      file.document.select(findRange(file.document.edited.tree, at));
  }

  setMode(mode: EditorMode): void {
    this.#mode = mode;
  }

  /** Begins a file that is not there yet; it is made when it is saved. */
  create(path: string): OpenFile {
    const file = this.files.create(path);
    this.#active = path;
    this.watch();
    return file;
  }

  /** Writes a document. A file that another program changed is not written over: its document then says so. */
  async save(path: string): Promise<void> {
    if (await this.files.save(path)) void this.tree.refresh(path.split('/').slice(0, -1).join('/'));
  }

  async saveAll(): Promise<void> {
    for (const { path } of this.files.dirty) await this.save(path);
  }

  /** Takes the text of the disk again, or closes a file that was never saved. Undo brings the own text back. */
  discard(path: string): void {
    if (this.files.discard(path) && this.#active === path) this.#active = undefined;
  }

  /** Follows what other programs do to the files that are shown, until {@link pause}. */
  watch(): void {
    const paths = [...this.files.all.map(({ path }) => path), ...this.tree.shownFolders];
    this.pause();
    const abort = new AbortController();
    this.#watching = abort;
    void this.#follow(paths, abort);
  }

  /** Stops to watch; the documents stay. */
  pause(): void {
    this.#watching?.abort();
    this.#watching = undefined;
  }

  async #follow(paths: readonly string[], abort: AbortController): Promise<void> {
    const { signal } = abort;
    try {
      for await (const { path, digest } of this.api.files.watch(
        { mmar: this.mmar, paths: [...paths] },
        { signal },
      )) {
        if (signal.aborted) return;
        const file = this.files.of(path);
        if (file === undefined) await this.tree.refresh(path);
        else await file.notice(digest);
      }
    } catch (error) {
      // A view that was left; or an MMAR that is gone, which the tree says.
      if (!signal.aborted && !(error instanceof RpcError)) throw error;
    }
  }
}
