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

/** Puts several parts behind the last one. */
export function appendParts(
  text: string,
  node: Container,
  parts: readonly string[],
  style: TextStyle,
): readonly TextEdit[] {
  if (parts.length === 0) return [];
  return insertPart(text, node, Number.POSITIVE_INFINITY, joinParts(text, node, parts, style), style);
}

/** Parts as they stand side by side in a container: as those that are there, or in an empty one a line each. */
function joinParts(text: string, node: Container, parts: readonly string[], style: TextStyle): string {
  const isInline = partsOf(node).length > 0 && !isOnLines(text, node);
  return parts.join(isInline ? ', ' : `,\n${innerIndent(text, node, style)}`);
}

/** Puts parts in the place of all that a container holds, in the way that it is written. */
export function replaceParts(
  text: string,
  node: Container,
  parts: readonly string[],
  style: TextStyle,
): readonly TextEdit[] {
  const old = partsOf(node);
  const [first, last] = [old[0], old.at(-1)];
  if (first === undefined || last === undefined) return appendParts(text, node, parts, style);
  if (parts.length === 0)
    return removeParts(
      text,
      node,
      old.map((_, index) => index),
    );
  const insert = joinParts(text, node, parts, style);
  return text.slice(first.from, last.to) === insert ? [] : [{ from: first.from, to: last.to, insert }];
}

/** Takes the part at `index` out, with the comma and the line that were its own. */
export function removePart(text: string, node: Container, index: number): readonly TextEdit[] {
  return removeParts(text, node, [index]);
}

/** Takes parts out, with the commas and lines that were theirs. */
export function removeParts(text: string, node: Container, indexes: readonly number[]): readonly TextEdit[] {
  const parts = partsOf(node);
  const removed = new Set(indexes.filter((index) => parts[index] !== undefined));
  if (removed.size === 0) return [];
  if (removed.size === parts.length) return [emptyOut(text, node)];
  return runsOf(removed).map(({ from, to }) => {
    const before = parts[from - 1];
    const after = parts[to + 1];
    return before === undefined
      ? { from: parts[from]!.from, to: after!.from, insert: '' }
      : { from: before.to, to: parts[to]!.to, insert: '' };
  });
}

/** Neighbours among the indexes as ranges, both ends included. */
function runsOf(indexes: ReadonlySet<number>): readonly { readonly from: number; readonly to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && last.to === index - 1) last.to = index;
    else runs.push({ from: index, to: index });
  }
  return runs;
}

function emptyOut(text: string, node: Container): TextEdit {
  const parts = partsOf(node);
  const [first, last] = [parts[0]!, parts.at(-1)!];
  const inside = { from: node.from + 1, to: node.isClosed ? node.to - 1 : node.to };
  const rest = text.slice(inside.from, first.from) + text.slice(last.to, inside.to);
  return /^[\s,]*$/.test(rest) ? { ...inside, insert: '' } : { from: first.from, to: last.to, insert: '' };
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
