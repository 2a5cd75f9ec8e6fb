import { SvelteMap } from 'svelte/reactivity';
import type { Draft } from '../../../common/api/files.ts';
import type { MmarId } from '../../../common/api/ids.ts';
import { isJsonObject, type JsonObject } from '../../../common/json.ts';
import { variablesOf } from '../../../common/mmar-edit/check-document.ts';
import { documentKind } from '../../../common/mmar-edit/document-kind.ts';
import type { Variables } from '../../../common/mmar/variables.ts';
import { EditorDocument } from '../../editor/editor-document.svelte.ts';
import { DraftKeeper } from './draft-keeper.svelte.ts';
import type { EditorApi } from './editor-api.ts';
import { AUTOML_CONFIG, ENVIRONMENT, TRAIN_CONFIG } from './editor-files.ts';
import { keepSame } from './keep-same.ts';
import { OpenFile } from './open-file.svelte.ts';

/** The files of an MMAR that were opened, and what they say together: each is checked against the others. */
export class OpenFiles {
  readonly #api: EditorApi;
  readonly #mmar: MmarId;
  readonly #files = new SvelteMap<string, OpenFile>();
  readonly #failed = new SvelteMap<string, unknown>();
  readonly #reading = new Map<string, Promise<void>>();
  #drafts: readonly Draft[] = [];
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
  readonly #keepVariables = keepSame<Variables>();
  /** Variables of the train config, for every document that uses them. */
  readonly variables = $derived.by(() => {
    const value = this.#files.get(TRAIN_CONFIG)?.document.value;
    return this.#keepVariables(variablesOf(isJsonObject(value) ? value : {}, this.environment));
  });
  readonly dirty: readonly OpenFile[] = $derived(
    [...this.#files.values()].filter(({ document }) => document.isDirty),
  );

  constructor(api: EditorApi, mmar: MmarId) {
    this.#api = api;
    this.#mmar = mmar;
  }

  get all(): readonly OpenFile[] {
    return [...this.#files.values()];
  }

  of(path: string): OpenFile | undefined {
    return this.#files.get(path);
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  /** Why a file could not be opened. */
  errorOf(path: string): unknown {
    return this.#failed.get(path);
  }

  /** Grows whenever something is saved: what main reads from the disk is another then. */
  get savedCount(): number {
    return this.#savedCount;
  }

  /** Files with text that an earlier window left unsaved. */
  async loadDrafts(): Promise<readonly string[]> {
    this.#drafts = await this.#api.files.drafts({ mmar: this.#mmar }).catch(() => []);
    return this.#drafts.map(({ path }) => path);
  }

  /** Reads a file of the disk, and brings its unsaved text back. One that cannot be read has an error then. */
  read(path: string): Promise<void> {
    const reading =
      this.#reading.get(path) ?? this.#read(path).finally(() => void this.#reading.delete(path));
    this.#reading.set(path, reading);
    return reading;
  }

  async #read(path: string): Promise<void> {
    const draft = this.#drafts.find((kept) => kept.path === path);
    try {
      const file = await this.#api.files.read({ mmar: this.#mmar, path });
      this.#add(path, file, !file.isWritable, draft);
      this.#failed.delete(path);
    } catch (error) {
      // What was typed is there though the file is gone.
      if (draft !== undefined) this.#add(path, null, false, draft);
      else this.#failed.set(path, error);
    }
  }

  /** Begins a file that is not there yet; it is made when it is saved. */
  create(path: string): OpenFile {
    return this.#files.get(path) ?? this.#add(path, null, false);
  }

  /** Writes a document; false where nothing was to be written or it could not be, which its file then says. */
  async save(path: string): Promise<boolean> {
    const file = this.#files.get(path);
    if (file === undefined || !file.document.isDirty) return false;
    await file.save();
    if (file.document.isDirty && file.saveError !== undefined) return false;
    this.#savedCount++;
    return true;
  }

  /** Takes the text of the disk again, which undo takes back; closes a file that was never saved, and is true then. */
  discard(path: string): boolean {
    const file = this.#files.get(path);
    if (file === undefined) return false;
    const { saved } = file.document;
    if (saved !== null) {
      file.document.replaceText(saved.text);
      return false;
    }
    file.dispose();
    void this.#api.files.dropDraft({ mmar: this.#mmar, path }).catch(() => undefined);
    return this.#files.delete(path);
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

  #add(
    path: string,
    file: { readonly text: string; readonly digest: string } | null,
    isReadOnly: boolean,
    draft?: Draft,
  ): OpenFile {
    const open: OpenFile = new OpenFile({
      api: this.#api,
      mmar: this.#mmar,
      kind: () => documentKind(path, this.#dataListPath),
      context: () => ({ file: path, environment: this.environment, trainsHere: this.trainsHere }),
      makeDocument: (onChange) =>
        new EditorDocument({
          path,
          file,
          isReadOnly,
          isJson: documentKind(path, this.#dataListPath) !== 'text',
          language: () => ({ kind: open.kind, value: open.document.value, variables: this.variables }),
          onChange,
        }),
      makeKeeper: (document) => new DraftKeeper(this.#api, this.#mmar, document),
    });
    this.#files.set(path, open);
    if (draft !== undefined) open.restore(draft);
    return open;
  }
}
