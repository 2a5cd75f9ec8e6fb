import type { Draft } from '../../../common/api/files.ts';
import type { MmarId } from '../../../common/api/ids.ts';
import type { Json } from '../../../common/json.ts';
import { checkDocument, type CheckContext, type Finding } from '../../../common/mmar-edit/check-document.ts';
import type { DocumentKind } from '../../../common/mmar-edit/document-kind.ts';
import { RpcError } from '../../../common/rpc/rpc-error.ts';
import type { EditorDocument } from '../../editor/editor-document.svelte.ts';
import { decodeText } from '../../editor/line-ends.ts';
import type { DraftKeeper } from './draft-keeper.svelte.ts';
import type { EditorApi } from './editor-api.ts';

/** How long after the last key a text is checked. */
const CHECK_DELAY_MS = 180;

/** Kinds of documents that have a form. */
const WITH_FORM: ReadonlySet<DocumentKind> = new Set([
  'config_train',
  'config_evaluation',
  'config_automl',
  'environment',
  'data_list',
]);

export interface OpenFileSetup {
  readonly api: EditorApi;
  readonly mmar: MmarId;
  /** What the file is to the editor; another one when the environment names another data list. */
  readonly kind: () => DocumentKind;
  readonly context: () => CheckContext;
  readonly makeDocument: (onChange: () => void) => EditorDocument;
  readonly makeKeeper: (document: EditorDocument) => DraftKeeper;
}

/** A file that is being edited: its document, what is wrong in it, and where its unsaved text is safe. */
export class OpenFile {
  readonly document: EditorDocument;
  readonly drafts: DraftKeeper;
  readonly #setup: OpenFileSetup;
  #findings = $state.raw<readonly Finding[]>([]);
  #checked = $state.raw<Json>({});
  #isSaving = $state(false);
  #isSaveAsked = false;
  #saveError = $state.raw<unknown>(undefined);
  #isRestored = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(setup: OpenFileSetup) {
    this.#setup = setup;
    this.document = setup.makeDocument(() => this.#noticeChange());
    this.drafts = setup.makeKeeper(this.document);
    this.check();
  }

  get kind(): DocumentKind {
    return this.#setup.kind();
  }

  get path(): string {
    return this.document.path;
  }

  get hasForm(): boolean {
    return WITH_FORM.has(this.kind);
  }

  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** The JSON value as it was checked last: a moment after the last key. For what need not follow each of them. */
  get checked(): Json {
    return this.#checked;
  }

  get isSaving(): boolean {
    return this.#isSaving;
  }

  /** Why the last save failed; the text is still here, and its draft with main. */
  get saveError(): unknown {
    return this.#saveError;
  }

  /** True when it began with what an earlier window left unsaved. */
  get isRestored(): boolean {
    return this.#isRestored && this.document.isDirty;
  }

  /** Checks the text as it is. */
  check(): void {
    clearTimeout(this.#timer);
    const { text, edited, value } = this.document;
    this.#findings = checkDocument(this.kind, text, edited.tree, this.#setup.context());
    this.#checked = value;
  }

  /** Puts back what an earlier window left unsaved. Undo leads to the text of the disk. */
  restore({ text, basedOn }: Draft): void {
    const { saved } = this.document;
    this.drafts.adopt();
    this.document.replaceText(decodeText(text).text);
    this.#isRestored = this.document.isDirty;
    if (saved !== null && basedOn !== saved.digest && this.document.isDirty) this.document.noticeOtherBase();
  }

  forgetRestored(): void {
    this.#isRestored = false;
  }

  /** What is asked while an earlier text is on its way is saved after it. */
  async save(): Promise<void> {
    this.#isSaveAsked = true;
    if (this.#isSaving) return;
    this.#isSaving = true;
    try {
      while (this.#isSaveAsked) {
        this.#isSaveAsked = false;
        if (this.document.isDirty) await this.#write();
      }
    } finally {
      this.#isSaving = false;
    }
  }

  async #write(): Promise<void> {
    const { api, mmar } = this.#setup;
    const { document } = this;
    const { path, text, encoded, saved } = document;
    this.#saveError = undefined;
    try {
      const { digest } = await api.files.write({
        mmar,
        path,
        text: encoded,
        expected: saved?.digest ?? null,
      });
      document.markSaved({ text, digest });
      this.#isRestored = false;
      this.drafts.notice();
    } catch (error) {
      this.#saveError = error;
      if (error instanceof RpcError && error.faults.some(({ code }) => code === 'file-changed'))
        await this.#lookAtDisk();
    }
  }

  /** The file on the disk is another now; null: it is gone. */
  async notice(digest: string | null): Promise<void> {
    if (this.#isSaving) return;
    const { saved, outside } = this.document;
    // A file that was gone may have come back as it was.
    if (digest === (saved?.digest ?? null) && outside?.kind !== 'deleted') return;
    await this.#lookAtDisk();
    this.drafts.notice();
  }

  keepMine(): void {
    this.document.keepMine();
    this.#saveError = undefined;
  }

  takeTheirs(): void {
    this.document.takeTheirs();
    this.#saveError = undefined;
    this.drafts.notice();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.drafts.dispose();
  }

  async #lookAtDisk(): Promise<void> {
    const { api, mmar } = this.#setup;
    try {
      this.document.noticeChanged(await api.files.read({ mmar, path: this.path }));
    } catch (error) {
      const isGone = error instanceof RpcError && error.faults.some(({ code }) => code === 'file-missing');
      if (isGone) this.document.noticeDeleted();
    }
  }

  #noticeChange(): void {
    this.drafts.notice();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.check(), CHECK_DELAY_MS);
  }
}
