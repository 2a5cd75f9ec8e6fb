import { openText, type EditedText } from './edit-json.ts';
import { applyEdits, type TextEdit } from './text-edit.ts';

/** Several changes, each counting from the text that the one before leaves, as one. */
export function combineEdits(
  edited: EditedText,
  changes: readonly ((text: EditedText) => readonly TextEdit[])[],
): readonly TextEdit[] {
  const after = changes.reduce((text, change) => applyEdits(text, change(openText(text))), edited.text);
  return diffTexts(edited.text, after);
}

/** The one edit that leads from a text to another: what they begin and end with alike stays. */
export function diffTexts(before: string, after: string): readonly TextEdit[] {
  if (before === after) return [];
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return [{ from: start, to: before.length - end, insert: after.slice(start, after.length - end) }];
}
