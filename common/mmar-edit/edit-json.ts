import type { Json, JsonPath, JsonStep } from '../json.ts';
import { insertPart, movePart, placeOfPart, removePart, type Container } from './edit-list.ts';
import { findNode, stepInto } from './find-node.ts';
import type { JsonNode, JsonTree } from './json-tree.ts';
import { readJsonTree } from './read-json-tree.ts';
import type { TextEdit } from './text-edit.ts';
import { columnAt, detectStyle, formatValue, indentAt, type TextStyle } from './text-style.ts';

/** A JSON text that is changed. Everything that an edit is not about stays as it was, to the last blank. */
export interface EditedText {
  readonly text: string;
  readonly tree: JsonTree;
  readonly style: TextStyle;
}

export function openText(text: string): EditedText {
  return { text, tree: readJsonTree(text), style: detectStyle(text) };
}

/**
 * Sets the value at a path. Objects on the way that are missing are made; a new key comes last. No edits where the
 * value stands already, or where the path leads through something else than objects and existing items.
 */
export function setValue(edited: EditedText, path: JsonPath, value: Json): readonly TextEdit[] {
  const { text, tree, style } = edited;
  if (tree.root === undefined) {
    const document = path.length === 0 ? value : wrap(path, value);
    return [{ from: 0, to: text.length, insert: `${formatValue(document, style)}\n` }];
  }
  let node: JsonNode = tree.root;
  for (const [depth, step] of path.entries()) {
    const next = stepInto(node, step);
    if (next === undefined) return addBelow(edited, node, step, wrap(path.slice(depth + 1), value));
    node = next;
  }
  return replaceNode(edited, node, value);
}

/** Adds a key, or for a list its next item, that is not there yet. */
function addBelow(edited: EditedText, node: JsonNode, step: JsonStep, value: Json): readonly TextEdit[] {
  if (node.kind === 'array' && step === node.items.length) return insertInto(edited, node, step, '', value);
  if (node.kind !== 'object' || typeof step !== 'string') return [];
  const half = node.members.find((member) => member.key === step);
  if (half !== undefined) return finishMember(edited, half.to, value);
  return insertInto(edited, node, node.members.length, `${JSON.stringify(step)}: `, value);
}

/** `"key"` or `"key":` without a value gets one. */
function finishMember({ text, style }: EditedText, at: number, value: Json): readonly TextEdit[] {
  const colon = text[at - 1] === ':' ? ' ' : ': ';
  return [{ from: at, to: at, insert: colon + formatValue(value, style, indentAt(text, at)) }];
}

function replaceNode({ text, style }: EditedText, node: JsonNode, value: Json): readonly TextEdit[] {
  const old = text.slice(node.from, node.to);
  const indent = indentAt(text, node.from);
  // What had several lines before has them after, where there is anything to put on them.
  const isWide = node.kind !== 'scalar' && old.includes('\n');
  const inline = formatValue(value, style, indent, columnAt(text, node.from));
  const insert =
    isWide && !inline.includes('\n') && hasParts(value)
      ? formatValue(value, { ...style, width: 0 }, indent)
      : inline;
  return insert === old ? [] : [{ from: node.from, to: node.to, insert }];
}

const hasParts = (value: Json): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

/** Puts an item before the one at `index` of the list at a path; makes the list where there is none. */
export function insertItem(
  edited: EditedText,
  path: JsonPath,
  index: number,
  value: Json,
): readonly TextEdit[] {
  const node = findNode(edited.tree, path);
  if (node === undefined) return setValue(edited, path, [value]);
  return node.kind === 'array' ? insertInto(edited, node, index, '', value) : [];
}

function insertInto(
  { text, style }: EditedText,
  node: Container,
  index: number,
  head: string,
  value: Json,
): readonly TextEdit[] {
  const { indent, column } = placeOfPart(text, node, index, style);
  return insertPart(text, node, index, head + formatValue(value, style, indent, column + head.length), style);
}

/** Puts a new key before another one of the object at a path; at the end where that one is missing. */
export function insertKeyBefore(
  edited: EditedText,
  path: JsonPath,
  before: string,
  key: string,
  value: Json,
): readonly TextEdit[] {
  const node = findNode(edited.tree, path);
  if (node?.kind !== 'object' || node.members.some((member) => member.key === key))
    return setValue(edited, [...path, key], value);
  const index = node.members.findIndex((member) => member.key === before);
  return insertInto(edited, node, index < 0 ? node.members.length : index, `${JSON.stringify(key)}: `, value);
}

/** Takes a key or an item out. */
export function removeValue({ text, tree }: EditedText, path: JsonPath): readonly TextEdit[] {
  const found = findPart(tree, path);
  return found === undefined ? [] : removePart(text, found.container, found.index);
}

/** Moves an item of the list at a path; `to` is where it stands afterwards. */
export function moveItem(
  { text, tree, style }: EditedText,
  path: JsonPath,
  from: number,
  to: number,
): readonly TextEdit[] {
  const node = findNode(tree, path);
  return node?.kind === 'array' ? movePart(text, node, from, to, style) : [];
}

/** Gives a key another name. No edits where that name is taken. */
export function renameKey({ tree }: EditedText, path: JsonPath, key: string): readonly TextEdit[] {
  const found = findPart(tree, path);
  if (found?.container.kind !== 'object' || found.container.members.some((member) => member.key === key))
    return [];
  return [{ ...found.container.members[found.index]!.keyRange, insert: JSON.stringify(key) }];
}

function findPart(
  tree: JsonTree,
  path: JsonPath,
): { readonly container: Container; readonly index: number } | undefined {
  const container = findNode(tree, path.slice(0, -1));
  const step = path.at(-1);
  if (container === undefined || container.kind === 'scalar' || step === undefined) return undefined;
  const index =
    container.kind === 'array' ? Number(step) : container.members.findLastIndex(({ key }) => key === step);
  return index < 0 ? undefined : { container, index };
}

/** The value inside objects with the keys of a path. */
function wrap(path: JsonPath, value: Json): Json {
  return path.reduceRight<Json>(
    (inner, step) => (typeof step === 'number' ? [inner] : { [step]: inner }),
    value,
  );
}
