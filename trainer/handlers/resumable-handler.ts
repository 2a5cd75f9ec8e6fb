import type { Handler } from '../engines/engine.ts';

/** A handler that knows something which an interrupted training needs to go on as if it had not been interrupted. */
export interface ResumableHandler extends Handler {
  /** Plain JSON. */
  saveProgress(): unknown;
  /** Takes over what {@link saveProgress} gave, in the same place of the same config. */
  restoreProgress(progress: unknown): void;
}

export const isResumable = (handler: Handler): handler is ResumableHandler =>
  'saveProgress' in handler && 'restoreProgress' in handler;

/** The progress of each handler that has any, by its place in the list. */
export function collectProgress(handlers: readonly Handler[]): Record<string, unknown> {
  return Object.fromEntries(
    handlers.flatMap((handler, index) =>
      isResumable(handler) ? [[String(index), handler.saveProgress()] as const] : [],
    ),
  );
}

export function restoreProgress(
  handlers: readonly Handler[],
  progress: Readonly<Record<string, unknown>>,
): void {
  handlers.forEach((handler, index) => {
    if (isResumable(handler) && String(index) in progress) handler.restoreProgress(progress[String(index)]);
  });
}
