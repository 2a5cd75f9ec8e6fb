import type { Action } from '../ui/action.ts';

/**
 * The actions that a query means, best first: every word has to be found in the title or the group; titles that begin with
 * the query come before those where words begin, and those before the rest. Equal ones keep their order.
 */
export function findActions(actions: readonly Action[], query: string): readonly Action[] {
  const text = query.trim().toLowerCase();
  if (text === '') return actions;
  const words = text.split(/\s+/);
  const rank = ({ title, group = '' }: Action): number => {
    const lower = title.toLowerCase();
    const whole = `${lower} ${group.toLowerCase()}`;
    if (!words.every((word) => whole.includes(word))) return Infinity;
    if (lower.startsWith(text)) return 0;
    return words.every((word) => new RegExp(`(^|[\\s_-])${escapePattern(word)}`).test(whole)) ? 1 : 2;
  };
  return actions
    .map((action) => ({ action, rank: rank(action) }))
    .filter((found) => Number.isFinite(found.rank))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ action }) => action);
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
