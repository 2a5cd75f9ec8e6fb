import type { ArrayNode, ObjectNode, TextRange } from './json-tree.ts';
import type { TextEdit } from './text-edit.ts';
import { columnAt, indentAt, type TextStyle } from './text-style.ts';

/** A list or an object with its parts, as far as commas and lines go. */
export type Container = ArrayNode | ObjectNode;

const partsOf = (node: Container): readonly TextRange[] =>
  node.kind === 'array' ? node.items : node.members;

/** Where the next part of a container would stand: `indent` of its line and column on it. */
export interface PartPlace {
  readonly indent: string;
  readonly column: number;
}

/** Tells where a part that is inserted will begin, which decides whether its value fits on the line. */
export function placeOfPart(text: string, node: Container, index: number, style: TextStyle): PartPlace {
  const parts = partsOf(node);
  if (parts.length > 0 && !isOnLines(text, node)) {
    const offset = (parts[index - 1] ?? parts[0]!).from;
    return { indent: indentAt(text, offset), column: columnAt(text, parts[index - 1]?.to ?? node.from) + 2 };
  }
  const indent = innerIndent(text, node, style);
  return { indent, column: indent.length };
}

/** Puts a part before the one at `index`; at the end for an index beyond the last. */
export function insertPart(
  text: string,
  node: Container,
  index: number,
  part: string,
  style: TextStyle,
): readonly TextEdit[] {
  const parts = partsOf(node);
  if (parts.length === 0) return [insertFirst(text, node, part, style)];
  const separator = isOnLines(text, node) ? `,\n${innerIndent(text, node, style)}` : ', ';
  const next = parts[index];
  if (next !== undefined) return [{ from: next.from, to: next.from, insert: part + separator }];
  const at = parts.at(-1)!.to;
  // A comma that is there already, which is a mistake, gets its part.
  const comma = /^\s*,/.exec(text.slice(at, node.to))?.[0];
  return comma === undefined
    ? [{ from: at, to: at, insert: separator + part }]
    : [{ from: at + comma.length, to: at + comma.length, insert: separator.slice(1) + part }];
}

/** The first part of an empty container: on a line of its own where it has several lines or is long. */
function insertFirst(text: string, node: Container, part: string, style: TextStyle): TextEdit {
  const inside = { from: node.from + 1, to: node.isClosed ? node.to - 1 : node.to };
  const between = text.slice(inside.from, inside.to);
  const isBlank = /^\s*$/.test(between);
  const range = isBlank ? inside : { from: inside.from, to: inside.from };
  const space = node.kind === 'object' && style.hasBraceSpace ? ' ' : '';
  const isShort = !part.includes('\n') && columnAt(text, node.from) + part.length + 4 < style.width;
  if (isShort && isBlank && !(node.kind === 'object' && between.includes('\n')))
    return { ...range, insert: `${space}${part}${space}` };
  const outer = indentAt(text, node.from);
  return { ...range, insert: `\n${outer}${style.unit}${part}${isBlank ? `\n${outer}` : ''}` };
}

/** Takes the part at `index` out, with the comma and the line that were its own. */
export function removePart(text: string, node: Container, index: number): readonly TextEdit[] {
  const parts = partsOf(node);
  const part = parts[index];
  if (part === undefined) return [];
  const before = parts[index - 1];
  const after = parts[index + 1];
  if (before !== undefined) return [{ from: before.to, to: part.to, insert: '' }];
  if (after !== undefined) return [{ from: part.from, to: after.from, insert: '' }];
  const inside = { from: node.from + 1, to: node.isClosed ? node.to - 1 : node.to };
  const rest = text.slice(inside.from, part.from) + text.slice(part.to, inside.to);
  return [/^[\s,]*$/.test(rest) ? { ...inside, insert: '' } : { ...part, insert: '' }];
}

/** Moves the part at `from` so that it stands at `to` afterwards. Its own text stays as it is. */
export function movePart(
  text: string,
  node: Container,
  from: number,
  to: number,
  style: TextStyle,
): readonly TextEdit[] {
  const parts = partsOf(node);
  const part = parts[from];
  if (part === undefined || from === to || to < 0 || to >= parts.length) return [];
  const moved = text.slice(part.from, part.to);
  return [
    ...removePart(text, node, from),
    ...insertPart(text, node, to > from ? to + 1 : to, moved, style),
  ].toSorted((a, b) => a.from - b.from);
}

/** True where each part has a line of its own. */
function isOnLines(text: string, node: Container): boolean {
  const first = partsOf(node)[0];
  return first !== undefined && text.slice(node.from, first.from).includes('\n');
}

function innerIndent(text: string, node: Container, { unit }: TextStyle): string {
  const first = partsOf(node)[0];
  return first !== undefined && isOnLines(text, node)
    ? indentAt(text, first.from)
    : indentAt(text, node.from) + unit;
}
