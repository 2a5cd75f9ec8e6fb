/** True on Apple's systems, where the command key leads shortcuts. */
export const isApple = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');

const symbols: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Delete: 'Del',
  ' ': 'Space',
};

/** `Mod+Shift+K` as the keys of this system: `['Ctrl', 'Shift', 'K']`, or `['⌘', '⇧', 'K']`. */
export function formatShortcut(shortcut: string, apple = isApple): readonly string[] {
  return shortcut.split('+').map((key) => {
    if (key === 'Mod') return apple ? '⌘' : 'Ctrl';
    if (key === 'Shift' && apple) return '⇧';
    if (key === 'Alt' && apple) return '⌥';
    return symbols[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  });
}

/** What of a keyboard event a shortcut looks at. */
export type PressedKeys = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** Whether the pressed keys are exactly that shortcut. */
export function matchesShortcut(event: PressedKeys, shortcut: string, apple = isApple): boolean {
  const keys = shortcut.split('+');
  const key = keys.at(-1)!;
  const wantsMod = keys.includes('Mod');
  const mod = apple ? event.metaKey : event.ctrlKey;
  const otherMod = apple ? event.ctrlKey : event.metaKey;
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    mod === wantsMod &&
    !otherMod &&
    event.shiftKey === keys.includes('Shift') &&
    event.altKey === keys.includes('Alt')
  );
}

/** Whether keys typed now belong to a text field, so that single-letter shortcuts must keep out. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target instanceof HTMLTextAreaElement ||
      target instanceof HTMLSelectElement ||
      (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type)))
  );
}
