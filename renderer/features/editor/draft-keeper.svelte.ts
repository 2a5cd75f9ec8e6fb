import type { MmarId } from '../../../common/api/ids.ts';
import { RpcError } from '../../../common/rpc/rpc-error.ts';
import type { EditorDocument } from '../../editor/editor-document.svelte.ts';
import type { EditorApi } from './editor-api.ts';

/** How long after a change the text is handed to main. */
const DELAY_MS = 400;
/** How soon a text that main could not take is handed over again. */
const RETRY_MS = 2000;

/**
 * Where the unsaved text of a document is safe. `unreachable`: only in the window until main is back; `failed`: only in the
 * window, main could not keep it.
 */
export type DraftState = 'none' | 'waiting' | 'kept' | 'unreachable' | 'failed';

/** Keeps the unsaved text of one document with main, so that neither a crash nor a reload loses it. */
export class DraftKeeper {
  readonly #api: EditorApi;
  readonly #mmar: MmarId;
  readonly #document: EditorDocument;
  #state = $state<DraftState>('none');
  #error = $state.raw<unknown>(undefined);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isSending = false;
  #isStale = false;

  constructor(api: EditorApi, mmar: MmarId, document: EditorDocument) {
    this.#api = api;
    this.#mmar = mmar;
    this.#document = document;
  }

  get state(): DraftState {
    return this.#state;
  }

  /** Why main could not keep it. */
  get error(): unknown {
    return this.#error;
  }

  /** The document changed, or was saved. */
  notice(): void {
    if (!this.#document.isDirty && this.#state === 'none') return;
    this.#state = 'waiting';
    this.#schedule(DELAY_MS);
  }

  /** A draft of an earlier window was opened. */
  adopt(): void {
    this.#state = 'kept';
  }

  /** Hands the text over now: the window may be closed. */
  flush(): void {
    if (this.#state !== 'waiting') return;
    clearTimeout(this.#timer);
    void this.#send();
  }

  /** Stops; a draft that main has stays there. */
  dispose(): void {
    clearTimeout(this.#timer);
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(), delayMs);
  }

  async #send(): Promise<void> {
    if (this.#isSending) {
      this.#isStale = true;
      return;
    }
    this.#isSending = true;
    this.#isStale = false;
    const { path, isDirty, encoded, saved } = this.#document;
    const place = { mmar: this.#mmar, path };
    try {
      if (isDirty)
        await this.#api.files.keepDraft({ ...place, text: encoded, basedOn: saved?.digest ?? null });
      else await this.#api.files.dropDraft(place);
      if (this.#isStale) this.#schedule(0);
      else this.#state = isDirty ? 'kept' : 'none';
    } catch (error) {
      const isGone = error instanceof RpcError && error.code === 'disconnected';
      this.#state = isGone ? 'unreachable' : 'failed';
      this.#error = error;
      this.#schedule(RETRY_MS);
    } finally {
      this.#isSending = false;
    }
  }
}
