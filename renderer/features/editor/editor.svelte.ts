import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { Draft } from '../../../common/api/files.ts';
import type { MmarId } from '../../../common/api/ids.ts';
import type { Fault } from '../../../common/fault.ts';
import { isJsonObject, type JsonObject, type JsonPath } from '../../../common/json.ts';
import { variablesOf } from '../../../common/mmar-edit/check-document.ts';
import { documentKind } from '../../../common/mmar-edit/document-kind.ts';
import { findRange } from '../../../common/mmar-edit/find-node.ts';
import type { Variables } from '../../../common/mmar/variables.ts';
import { RpcError } from '../../../common/rpc/rpc-error.ts';
import { EditorDocument } from '../../editor/editor-document.svelte.ts';
import { DraftKeeper } from './draft-keeper.svelte.ts';
import type { EditorApi } from './editor-api.ts';
import { FileTree } from './file-tree.svelte.ts';
import { keepSame } from './keep-same.ts';
import { OpenFile } from './open-file.svelte.ts';

export const TRAIN_CONFIG = 'config/config_train.json';
export const ENVIRONMENT = 'config/environment.json';
export const AUTOML_CONFIG = 'config/config_automl.json';

/** More files of config/ than this are read only when they are opened. */
const MOST_CONFIGS = 40;

/** How a document is shown. */
export type EditorMode = 'form' | 'split' | 'text' | 'diff';

/** The files of one MMAR and what is done to them. It lives on while other views are shown. */
export class Editor {
  readonly mmar: MmarId;
  readonly tree: FileTree;
  readonly #api: EditorApi;
  readonly #files = new SvelteMap<string, OpenFile>();
  readonly #failed = new SvelteMap<string, unknown>();
  readonly #loading = new SvelteSet<string>();
  #drafts: readonly Draft[] = [];
  #active = $state<string | undefined>(undefined);
  #mode = $state<EditorMode>('form');
  #focus = $state.raw<{ readonly path: JsonPath } | undefined>(undefined);
  #report = $state.raw<
    { readonly faults: readonly Fault[]; readonly warnings: readonly Fault[] } | undefined
  >();
  #reportError = $state.raw<unknown>(undefined);
  #isChecking = $state(false);
  #watching: AbortController | undefined;
  #savedCount = $state(0);

  readonly #environmentFile = $derived(this.#files.get(ENVIRONMENT));
  /** environment.json as it is being edited. */
  readonly environment: JsonObject = $derived.by(() => {
    const value = this.#environmentFile?.document.value;
    return value !== undefined && isJsonObject(value) ? value : {};
  });
  /** False while config_automl hands the training to another program. */
  readonly trainsHere: boolean = $derived.by(() => {
    const value = this.#files.get(AUTOML_CONFIG)?.document.value;
    const executor = isJsonObject(value) ? value.executor : undefined;
    return !isJsonObject(executor) || (executor.name !== 'CommandExecutor' && executor.path === undefined);
  });
  readonly active: OpenFile | undefined = $derived(
    this.#active === undefined ? undefined : this.#files.get(this.#active),
  );
  readonly dirtyFiles: readonly OpenFile[] = $derived(
    [...this.#files.values()].filter(({ document }) => document.isDirty),
  );
  readonly #keepVariables = keepSame<Variables>();
  /** Variables of the train config, for every document that uses them. */
  readonly variables = $derived.by(() => {
    const value = this.#files.get(TRAIN_CONFIG)?.document.value;
    return this.#keepVariables(variablesOf(isJsonObject(value) ? value : {}, this.environment));
  });

  constructor(mmar: MmarId, api: EditorApi) {
    this.mmar = mmar;
    this.#api = api;
    this.tree = new FileTree(api, mmar);
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

  get report(): { readonly faults: readonly Fault[]; readonly warnings: readonly Fault[] } | undefined {
    return this.#report;
  }

  get reportError(): unknown {
    return this.#reportError;
  }

  get isChecking(): boolean {
    return this.#isChecking;
  }

  /** Grows whenever something is saved: what main reads from the disk is another then. */
  get savedCount(): number {
    return this.#savedCount;
  }

  isLoading(path: string): boolean {
    return this.#loading.has(path);
  }

  /** Why a file could not be opened. */
  errorOf(path: string): unknown {
    return this.#failed.get(path);
  }

  fileOf(path: string): OpenFile | undefined {
    return this.#files.get(path);
  }

  get files(): readonly OpenFile[] {
    return [...this.#files.values()];
  }

  /** Reads the tree and what every check needs, brings unsaved texts back, and begins to watch. */
  async load(): Promise<void> {
    await this.tree.load();
    this.#drafts = await this.#api.files.drafts({ mmar: this.mmar }).catch(() => []);
    // All configs are read: checks need them, and the tree says what is wrong with each.
    const known = this.tree
      .filesIn('config')
      .map(({ path }) => path)
      .filter((path) => path.endsWith('.json'))
      .slice(0, MOST_CONFIGS);
    const unsaved = this.#drafts.map(({ path }) => path).filter((path) => !known.includes(path));
    const paths = [...known, ...unsaved];
    await Promise.all(paths.map((path) => this.#read(path)));
    if (this.#active === undefined) {
      const first = [TRAIN_CONFIG, ...known].find((path) => this.#files.has(path));
      if (first !== undefined) await this.open(first);
    }
    this.watch();
  }

  /** Shows a file. */
  async open(path: string): Promise<void> {
    this.#active = path;
    if (this.#mode === 'diff') this.#mode = 'form';
    if (!this.#files.has(path)) await this.#read(path);
    void this.tree.reveal(path);
    this.watch();
  }

  /** Shows the place that something is about: in the form, or in the text where that is shown. */
  async show(path: string, at: JsonPath): Promise<void> {
    await this.open(path);
    const file = this.#files.get(path);
    if (file === undefined) return;
    if (this.#mode !== 'text' && file.hasForm) this.#focus = { path: at };
    if (this.#mode === 'text' || this.#mode === 'split' || !file.hasForm)
      file.document.select(findRange(file.document.edited.tree, at));
  }

  setMode(mode: EditorMode): void {
    this.#mode = mode;
  }

  /** Begins a file that is not there yet; it is made when it is saved. */
  create(path: string): void {
    if (!this.#files.has(path)) this.#add(path, null, false);
    this.#active = path;
    this.watch();
  }

  /** Writes a document. A file that another program changed is not written over: its document then says so. */
  async save(path: string): Promise<void> {
    const file = this.#files.get(path);
    if (file === undefined || !file.document.isDirty) return;
    await file.save();
    if (file.document.isDirty && file.saveError !== undefined) return;
    this.#savedCount++;
    void this.tree.refresh(path.split('/').slice(0, -1).join('/'));
  }

  async saveAll(): Promise<void> {
    for (const { path } of this.dirtyFiles) await this.save(path);
  }

  /** Takes the text of the disk again, or closes a file that was never saved. Undo brings the own text back. */
  discard(path: string): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    const { saved } = file.document;
    if (saved !== null) {
      file.document.replaceText(saved.text);
      return;
    }
    file.dispose();
    void this.#api.files.dropDraft({ mmar: this.mmar, path }).catch(() => undefined);
    this.#files.delete(path);
    if (this.#active === path) this.#active = undefined;
  }

  /** Checks the whole MMAR as it is saved. */
  async check(): Promise<void> {
    this.#isChecking = true;
    try {
      this.#report = await this.#api.checks.mmar({ mmar: this.mmar });
      this.#reportError = undefined;
    } catch (error) {
      this.#reportError = error;
    } finally {
      this.#isChecking = false;
    }
  }

  /** Follows what other programs do to the files that are shown, until {@link pause}. */
  watch(): void {
    const paths = [...this.#files.keys(), ...this.tree.shownFolders];
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

  /** Hands every unsaved text to main: the window may be closed. */
  flush(): void {
    for (const file of this.#files.values()) file.drafts.flush();
  }

  /** Where the environment says that the data list is; only a path within the MMAR can be a file of it. */
  get #dataListPath(): string | undefined {
    const { DATASET_JSON: path } = this.environment;
    return typeof path === 'string' ? path.replace(/^\.\//, '') : undefined;
  }

  async #follow(paths: readonly string[], abort: AbortController): Promise<void> {
    const { signal } = abort;
    try {
      for await (const { path, digest } of this.#api.files.watch(
        { mmar: this.mmar, paths: [...paths] },
        { signal },
      )) {
        if (signal.aborted) return;
        const file = this.#files.get(path);
        if (file === undefined) await this.tree.refresh(path);
        else await file.notice(digest);
      }
    } catch (error) {
      // A view that was left; or an MMAR that is gone, which the tree says.
      if (!signal.aborted && !(error instanceof RpcError)) throw error;
    }
  }

  async #read(path: string): Promise<void> {
    if (this.#loading.has(path)) return;
    this.#loading.add(path);
    const draft = this.#drafts.find((kept) => kept.path === path);
    try {
      const file = await this.#api.files.read({ mmar: this.mmar, path });
      this.#add(path, file, !file.isWritable, draft);
      this.#failed.delete(path);
    } catch (error) {
      // What was typed is there though the file is gone.
      if (draft !== undefined) this.#add(path, null, false, draft);
      else this.#failed.set(path, error);
    } finally {
      this.#loading.delete(path);
    }
  }

  #add(
    path: string,
    file: { readonly text: string; readonly digest: string } | null,
    isReadOnly: boolean,
    draft?: Draft,
  ): void {
    const kind = documentKind(path, this.#dataListPath);
    const open: OpenFile = new OpenFile({
      api: this.#api,
      mmar: this.mmar,
      kind,
      context: () => ({ file: path, environment: this.environment, trainsHere: this.trainsHere }),
      makeDocument: (onChange) =>
        new EditorDocument({
          path,
          file,
          isReadOnly,
          isJson: kind !== 'text',
          language: () => ({ kind, value: open.document.value, variables: this.variables }),
          onChange,
        }),
      makeKeeper: (document) => new DraftKeeper(this.#api, this.mmar, document),
    });
    this.#files.set(path, open);
    if (draft !== undefined) open.restore(draft);
  }
}
