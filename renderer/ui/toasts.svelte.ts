import { describeError } from './describe-error.ts';

/** A short message at the edge of the window. */
export interface Toast {
  readonly id: number;
  readonly tone: 'info' | 'ok' | 'warn' | 'error';
  readonly title: string;
  readonly detail?: string | undefined;
  /** One thing to do about it, e.g. Undo. */
  readonly action?: { readonly title: string; readonly run: () => void | Promise<void> } | undefined;
  /** How long it stays; errors stay until they are closed. */
  readonly durationMs: number;
}

type NewToast = Pick<Toast, 'title'> & Partial<Pick<Toast, 'tone' | 'detail' | 'action' | 'durationMs'>>;

const maxShown = 4;

class Toasts {
  #shown = $state.raw<readonly Toast[]>([]);
  #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #nextId = 1;

  /** The messages on show, oldest first. */
  get shown(): readonly Toast[] {
    return this.#shown;
  }

  show({ tone = 'info', title, detail, action, durationMs }: NewToast): number {
    const stays = durationMs ?? (tone === 'error' ? Infinity : action === undefined ? 5000 : 9000);
    const toast: Toast = { id: this.#nextId++, tone, title, detail, action, durationMs: stays };
    for (const old of this.#shown.slice(0, Math.max(0, this.#shown.length + 1 - maxShown)))
      this.close(old.id);
    this.#shown = [...this.#shown, toast];
    this.resume(toast);
    return toast.id;
  }

  /** Shows what went wrong, with its first fault. */
  showError(title: string, error: unknown): number {
    return this.show({ tone: 'error', title, detail: describeError(error).summary });
  }

  /** Keeps a message while the pointer or the focus is on it. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  /** Starts the time of a message (again). */
  resume(toast: Toast): void {
    this.hold(toast.id);
    if (!Number.isFinite(toast.durationMs)) return;
    this.#timers.set(
      toast.id,
      setTimeout(() => this.close(toast.id), toast.durationMs),
    );
  }

  close(id: number): void {
    this.hold(id);
    this.#shown = this.#shown.filter((toast) => toast.id !== id);
  }
}

/** The messages of this window: `toasts.show({ tone: 'ok', title: 'Saved' })`, `toasts.showError('Not saved', error)`. */
export const toasts = new Toasts();
