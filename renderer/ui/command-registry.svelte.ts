import { onDestroy } from 'svelte';
import { isTyping, matchesShortcut, type PressedKeys } from './shortcut.ts';
import type { Action } from './action.ts';

/** What the command palette offers: the actions of everything that is on show. */
class CommandRegistry {
  #sources = $state.raw<readonly (() => readonly Action[])[]>([]);
  readonly #actions = $derived(this.#sources.flatMap((source) => source()));

  get actions(): readonly Action[] {
    return this.#actions;
  }

  /** Adds a source; returns how to take it away. */
  add(source: () => readonly Action[]): () => void {
    this.#sources = [...this.#sources, source];
    return () => {
      this.#sources = this.#sources.filter((other) => other !== source);
    };
  }

  /** The action that these keys mean; later sources (the view) come before earlier ones (the frame). */
  find(event: PressedKeys & { readonly target: EventTarget | null }): Action | undefined {
    return this.#actions.findLast(
      ({ shortcut, disabledReason }) =>
        shortcut !== undefined &&
        disabledReason === undefined &&
        matchesShortcut(event, shortcut) &&
        (shortcut.includes('Mod+') || !isTyping(event.target)),
    );
  }
}

export const commandRegistry = new CommandRegistry();

/**
 * Called by a view while it is made: its actions stand in the command palette and their shortcuts work for as long as the
 * view is there. The function is read again whenever state that it uses changes.
 */
export function provideActions(source: () => readonly Action[]): void {
  onDestroy(commandRegistry.add(source));
}
