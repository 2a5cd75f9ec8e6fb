import type { TextRange } from './json-tree.ts';

/** A piece of a text that is replaced. Several edits of one change all count from the text before the change. */
export interface TextEdit extends TextRange {
  readonly insert: string;
}

/** The text after a change. Edits do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let offset = 0;
  for (const { from, to, insert } of edits.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    if (from < offset) throw new Error('edits overlap');
    result += text.slice(offset, from) + insert;
    offset = to;
  }
  return result + text.slice(offset);
}
