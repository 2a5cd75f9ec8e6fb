import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../json.ts';
import { chooseControl, type Control } from './argument-control.ts';
import { insertItem, insertKeyBefore, removeValue, setValue, type EditedText } from './edit-json.ts';
import { combineEdits } from './combine-edits.ts';
import { findNode } from './find-node.ts';
import { valueOf } from './json-tree.ts';
import { namesOf, type SearchOfArgument } from './search-names.ts';
import type { TextEdit } from './text-edit.ts';

/** A first item for an argument: all choices of a choice, and a range around the value that it has. */
export function proposeItem(
  name: string,
  control: Control,
  current: Json | undefined,
  domain: string,
): JsonObject {
  const shown = chooseControl(control, current);
  const base = { domain };
  if (shown.kind === 'switch') return { ...base, type: 'enum', args: [name], targets: [[false], [true]] };
  if (shown.kind === 'choice')
    return { ...base, type: 'enum', args: [name], targets: shown.options.map((option) => [option]) };
  if (shown.kind === 'number' && (current === undefined || current === null || typeof current === 'number')) {
    const { isWhole, min, max } = shown;
    const range = proposeRange(typeof current === 'number' ? current : 1, isWhole, min, max);
    return { ...base, type: isWhole ? 'int' : 'float', args: [name], targets: range };
  }
  return { ...base, type: 'enum', args: [name], targets: [[current ?? null]] };
}

/** From half to twice the value, within what is allowed; the whole range where it is short. */
function proposeRange(
  value: number,
  isWhole: boolean,
  min: number | undefined,
  max: number | undefined,
): readonly [number, number] {
  if (min !== undefined && max !== undefined && max - min <= 1 && !isWhole) return [min, max];
  const round = (number: number): number => (isWhole ? Math.round(number) : Number(number.toPrecision(6)));
  const size = Math.abs(value) || 1;
  const low = Math.max(round(value - size / 2), min ?? Number.NEGATIVE_INFINITY);
  const high = Math.min(
    round(value + size),
    max ?? (isWhole ? Number.MAX_SAFE_INTEGER : Number.POSITIVE_INFINITY),
  );
  return low < high ? [low, high] : [low, low + 1];
}

/** Adds an item to the search of a component, or of the first level. */
export function addSearch(edited: EditedText, ownerPath: JsonPath, item: JsonObject): readonly TextEdit[] {
  const path = [...ownerPath, 'search'];
  const list = findNode(edited.tree, path);
  // The first search of the first level stands before the sections, where people look for it.
  if (list === undefined && ownerPath.length === 0)
    return insertKeyBefore(edited, [], 'train', 'search', [item]);
  return insertItem(edited, path, list?.kind === 'array' ? list.items.length : 0, item);
}

/** Takes an argument out of the item that searches it; an item without any other goes, and so does an empty list. */
export function removeSearch(
  edited: EditedText,
  { path, item, column, names }: SearchOfArgument,
): readonly TextEdit[] {
  if (names.length > 1) return changeItem(edited, path, withoutColumn(item, column));
  const list = findNode(edited.tree, path.slice(0, -1));
  const isLast = list?.kind === 'array' && list.items.length === 1;
  return removeValue(edited, isLast ? path.slice(0, -1) : path);
}

/** An item that sets one name less. */
export function withoutColumn(item: JsonObject, column: number): JsonObject {
  const args = namesOf(item).toSpliced(column, 1);
  if (item.type !== 'enum' || !Array.isArray(item.targets)) return { ...item, args };
  const targets = item.targets.map((choice: Json) =>
    Array.isArray(choice) ? (choice as Json[]).toSpliced(column, 1) : choice,
  );
  const distinct = [...new Map(targets.map((choice) => [JSON.stringify(choice), choice])).values()];
  return { ...item, args, targets: distinct };
}

/** An item that sets one name more; each choice of an enum gets `value` for it. */
export function withColumn(item: JsonObject, name: string, value: Json): JsonObject {
  const args = [...namesOf(item), name];
  if (item.type !== 'enum' || !Array.isArray(item.targets)) return { ...item, args };
  const targets = item.targets.map((choice: Json) =>
    Array.isArray(choice) ? [...choice, value] : [choice, value],
  );
  return { ...item, args, targets };
}

/** The same search by another type, with targets that begin with what the old ones held. */
export function withType(item: JsonObject, type: string, current: Json | undefined): JsonObject {
  const { targets: _, log: _log, ...rest } = item;
  const names = namesOf(item);
  const [low, high] = boundsOf(item, current);
  const base = { ...rest, type, args: names };
  if (type === 'bool') return base;
  if (type === 'float') return { ...base, targets: [low, high] };
  if (type === 'int')
    return { ...base, targets: [Math.floor(low), Math.max(Math.ceil(high), Math.floor(low) + 1)] };
  const values: readonly Json[] =
    item.type === 'bool' ? [false, true] : item.type === 'enum' ? [] : [low, high];
  const choices = values.length > 0 ? values : [current ?? null];
  return { ...base, targets: choices.map((value) => names.map(() => value)) };
}

function boundsOf({ targets }: JsonObject, current: Json | undefined): readonly [number, number] {
  const numbers = (Array.isArray(targets) ? targets.flat() : []).filter((value) => typeof value === 'number');
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  if (numbers.length > 1 && low < high) return [low, high];
  const value = typeof current === 'number' ? current : (numbers[0] ?? 1);
  return proposeRange(value, false, undefined, undefined);
}

/** Writes an item anew, key by key, so that what did not change stays as it is written. */
export function changeItem(edited: EditedText, path: JsonPath, item: JsonObject): readonly TextEdit[] {
  const before = findNode(edited.tree, path);
  const old = before === undefined ? {} : valueOf(before);
  if (!isJsonObject(old)) return setValue(edited, path, item);
  const removed = Object.keys(old).filter((key) => !Object.hasOwn(item, key));
  const changed = Object.keys(item).filter((key) => JSON.stringify(item[key]) !== JSON.stringify(old[key]));
  return combineEdits(edited, [
    ...removed.map((key) => (text: EditedText) => removeValue(text, [...path, key])),
    ...changed.map((key) => (text: EditedText) => setValue(text, [...path, key], item[key]!)),
  ]);
}
