import type { Json } from '../json.ts';
import { isCaseFile } from '../mmar/case-files.ts';
import { removeValue, setValue, type EditedText } from './edit-json.ts';
import { appendParts, insertPart, placeOfPart, removeParts, replaceParts } from './edit-list.ts';
import { findNode } from './find-node.ts';
import type { ArrayNode, JsonNode, ScalarNode } from './json-tree.ts';
import { valueOf } from './json-tree.ts';
import type { CaseRef } from './outline-data-list.ts';
import type { TextEdit } from './text-edit.ts';
import { formatValue } from './text-style.ts';

/** Counts that lists of the decathlon hold beside their sections. */
const COUNTS: Readonly<Record<string, string>> = {
  training: 'numTraining',
  validation: 'numValidation',
  test: 'numTest',
};

/** Adds cases behind those of a section; the section too where there is none. */
export function addCases(edited: EditedText, key: string, cases: readonly Json[]): readonly TextEdit[] {
  const parts = cases.map((item) => formatCase(edited, key, item));
  return appendTexts(edited, key, parts, sizeOf(edited, key) + parts.length);
}

/** Takes cases out. */
export function removeCases(edited: EditedText, refs: readonly CaseRef[]): readonly TextEdit[] {
  return sectionsOf(refs).flatMap(([key, indexes]) => takeOut(edited, key, indexes));
}

/** Moves cases behind those of another section, with their text as it is. */
export function moveCases(edited: EditedText, refs: readonly CaseRef[], to: string): readonly TextEdit[] {
  const moved = refs.filter(({ key }) => key !== to);
  const parts = moved.flatMap((ref) => textOfCase(edited, ref) ?? []);
  if (parts.length === 0) return [];
  return [
    ...removeCases(edited, moved),
    ...appendTexts(edited, to, parts, sizeOf(edited, to) + parts.length),
  ];
}

/** Puts all cases of some sections into the order that is given: a new split. Each of their texts stays as it is. */
export function arrangeCases(
  edited: EditedText,
  sections: Readonly<Record<string, readonly CaseRef[]>>,
): readonly TextEdit[] {
  return Object.entries(sections).flatMap(([key, refs]) => {
    const parts = refs.flatMap((ref) => textOfCase(edited, ref) ?? []);
    const node = listOf(edited, key);
    if (node === undefined) return parts.length === 0 ? [] : appendTexts(edited, key, parts, parts.length);
    return [...replaceParts(edited.text, node, parts, edited.style), ...setCount(edited, key, parts.length)];
  });
}

/**
 * Gives a case another file, or none with an empty text. An entry that is a path alone becomes an object when it gets
 * more than an image.
 *
 * @param field `image`, `label` ...
 * @param channel which of several files; undefined for a field that holds one
 */
export function setCaseFile(
  edited: EditedText,
  { key, index }: CaseRef,
  field: string,
  path: string,
  channel?: number,
): readonly TextEdit[] {
  const at = [key, index];
  const node = findNode(edited.tree, at);
  if (node === undefined) return [];
  const step = channel === undefined ? [] : [channel];
  if (node.kind === 'object')
    return path === '' && channel === undefined
      ? removeValue(edited, [...at, field])
      : setValue(edited, [...at, field, ...step], path);
  if (field === 'image') return path === '' ? [] : setValue(edited, [...at, ...step], path);
  return path === '' ? [] : setValue(edited, at, { image: valueOf(node), [field]: path });
}

/** Gives every image path that begins with `from` another beginning. */
export function replaceBeginnings(
  edited: EditedText,
  keys: readonly string[],
  from: string,
  to: string,
): readonly TextEdit[] {
  return keys.flatMap((key) =>
    (listOf(edited, key)?.items ?? []).flatMap((item) =>
      pathNodes(item).flatMap(({ from: start, to: end, value }): TextEdit[] => {
        if (typeof value !== 'string' || !value.startsWith(from)) return [];
        return [{ from: start, to: end, insert: JSON.stringify(to + value.slice(from.length)) }];
      }),
    ),
  );
}

/** The texts of an entry that are paths of images. */
function pathNodes(item: JsonNode): readonly ScalarNode[] {
  if (item.kind !== 'object') return textsIn('image', item);
  return item.members.flatMap(({ key, value }) => (value === undefined ? [] : textsIn(key, value)));
}

function textsIn(key: string, node: JsonNode): readonly ScalarNode[] {
  const nodes = node.kind === 'array' ? node.items : [node];
  return nodes.filter(
    (part): part is ScalarNode =>
      part.kind === 'scalar' && typeof part.value === 'string' && isCaseFile(key, part.value),
  );
}

function sectionsOf(refs: readonly CaseRef[]): readonly (readonly [string, readonly number[]])[] {
  return [...Map.groupBy(refs, ({ key }) => key)].map(
    ([key, found]) => [key, found.map(({ index }) => index)] as const,
  );
}

function takeOut(edited: EditedText, key: string, indexes: readonly number[]): readonly TextEdit[] {
  const node = listOf(edited, key);
  if (node === undefined) return [];
  const left = node.items.length - new Set(indexes).size;
  return [...removeParts(edited.text, node, indexes), ...setCount(edited, key, left)];
}

function appendTexts(
  edited: EditedText,
  key: string,
  parts: readonly string[],
  total: number,
): readonly TextEdit[] {
  const node = listOf(edited, key);
  if (node !== undefined)
    return [...appendParts(edited.text, node, parts, edited.style), ...setCount(edited, key, total)];
  if (parts.length === 0) return [];
  return [...addSection(edited, key, parts), ...setCount(edited, key, total)];
}

/** A new section, behind the last list of the file. */
function addSection(
  { text, tree, style }: EditedText,
  key: string,
  parts: readonly string[],
): readonly TextEdit[] {
  const { root } = tree;
  const indent = style.unit;
  const list = `[\n${parts.map((part) => indent + indent + part).join(',\n')}\n${indent}]`;
  const member = `${JSON.stringify(key)}: ${list}`;
  if (root === undefined) return [{ from: 0, to: text.length, insert: `{\n${indent}${member}\n}\n` }];
  if (root.kind !== 'object') return [];
  if (root.members.some((other) => other.key === key)) return [];
  const last = root.members.findLastIndex(({ value }) => value?.kind === 'array');
  return insertPart(text, root, last < 0 ? root.members.length : last + 1, member, style);
}

/** Corrects the count that the list holds of a section, where it holds one. */
function setCount(edited: EditedText, key: string, count: number): readonly TextEdit[] {
  const name = COUNTS[key];
  const node = name === undefined ? undefined : findNode(edited.tree, [name]);
  const isCount = node?.kind === 'scalar' && typeof node.value === 'number';
  return isCount ? setValue(edited, [name!], count) : [];
}

function listOf({ tree }: EditedText, key: string): ArrayNode | undefined {
  const node = findNode(tree, [key]);
  return node?.kind === 'array' ? node : undefined;
}

const sizeOf = (edited: EditedText, key: string): number => listOf(edited, key)?.items.length ?? 0;

function textOfCase({ text, tree }: EditedText, { key, index }: CaseRef): string | undefined {
  const node = findNode(tree, [key, index]);
  return node === undefined ? undefined : text.slice(node.from, node.to);
}

/** A new case, written as the others of its section are. */
function formatCase({ text, style, tree }: EditedText, key: string, item: Json): string {
  const node = listOf({ text, style, tree }, key);
  const indent = node === undefined ? style.unit + style.unit : placeOfPart(text, node, 0, style).indent;
  const last = node?.items.findLast(({ kind }) => kind === 'object');
  const isOnLines = last !== undefined && text.slice(last.from, last.to).includes('\n');
  return formatValue(item, isOnLines ? { ...style, width: 0 } : style, indent);
}
