import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../json.ts';
import { insertItem, removeValue, setValue, type EditedText } from './edit-json.ts';
import { findNode } from './find-node.ts';
import { valueOf } from './json-tree.ts';
import type { SlotOutline } from './outline-config.ts';
import { combineEdits } from './combine-edits.ts';
import type { TextEdit } from './text-edit.ts';

/** Sets a key of an object; undefined takes it out, and with it an `apply` that is empty then. */
export function setKey(edited: EditedText, path: JsonPath, value: Json | undefined): readonly TextEdit[] {
  if (value !== undefined) return setValue(edited, path, value);
  const parent = path.slice(0, -1);
  const node = findNode(edited.tree, parent);
  const isLast = node?.kind === 'object' && node.members.length === 1;
  return removeValue(edited, isLast && parent.at(-1) === 'apply' ? parent : path);
}

/**
 * Adds a component to a slot: behind the others of a list, as an alternative to the one that is there, in its place where
 * there can be only one, or as the first.
 */
export function addComponent(
  edited: EditedText,
  { path, form, cards, isPresent, hasAlternatives }: Omit<SlotOutline, 'slot' | 'title' | 'kind' | 'others'>,
  component: JsonObject,
): readonly TextEdit[] {
  if (!isPresent) return setValue(edited, path, form === 'list' ? [component] : component);
  const alternative = cards.some(({ isDisabled }) => !isDisabled)
    ? { ...component, disabled: true }
    : component;
  if (form === 'list') return insertItem(edited, path, cards.length, component);
  if (form === 'alternatives') return insertItem(edited, path, cards.length, alternative);
  const node = findNode(edited.tree, path);
  const present = node === undefined ? undefined : valueOf(node);
  if (!isJsonObject(present) || !hasAlternatives) return setValue(edited, path, component);
  return setValue(edited, path, [present, alternative]);
}

/** Leaves exactly the alternative at `chosen` of a slot enabled. */
export function chooseAlternative(
  edited: EditedText,
  { cards }: Pick<SlotOutline, 'cards'>,
  chosen: number,
): readonly TextEdit[] {
  return combineEdits(
    edited,
    cards.map(
      ({ path, json }, index) =>
        (text: EditedText) =>
          setDisabled(text, path, json, index !== chosen),
    ),
  );
}

/** Switches a component off or on. The key goes where it only said the default. */
export function setDisabled(
  edited: EditedText,
  path: JsonPath,
  json: JsonObject,
  isDisabled: boolean,
): readonly TextEdit[] {
  const key = [...path, 'disabled'];
  if (isDisabled) return setValue(edited, key, true);
  if (json.disabled === undefined || json.disabled === false) return [];
  // A switch that is searched or applied says its first value beside it.
  const isSwitched = isJsonObject(json.apply) && Object.hasOwn(json.apply, '@disabled');
  return isSwitched ? setValue(edited, key, false) : removeValue(edited, key);
}

/** Takes a component out of its slot; the only one of a slot that holds one goes with the slot. */
export function removeComponent(edited: EditedText, path: JsonPath): readonly TextEdit[] {
  return removeValue(edited, path);
}

/** Puts a copy of a component behind it. */
export function duplicateComponent(edited: EditedText, path: JsonPath): readonly TextEdit[] {
  const node = findNode(edited.tree, path);
  const index = path.at(-1);
  if (node === undefined || typeof index !== 'number') return [];
  return insertItem(edited, path.slice(0, -1), index + 1, valueOf(node));
}
