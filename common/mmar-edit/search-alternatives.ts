import { isJsonObject, type JsonObject } from '../json.ts';
import { setValue, type EditedText } from './edit-json.ts';
import { valueOf } from './json-tree.ts';
import type { SlotOutline } from './outline-config.ts';
import { combineEdits } from './combine-edits.ts';
import { addSearch } from './search-edit.ts';
import { aliasesOf } from './config-names.ts';
import type { TextEdit } from './text-edit.ts';

/**
 * Lets a search choose among the alternatives of a slot, as Clara's examples do: a first-level enum of free names, one per
 * alternative, of which each choice leaves one false; each alternative applies its name to `@disabled`.
 */
export function searchAlternatives(
  edited: EditedText,
  { cards, slot }: Pick<SlotOutline, 'cards' | 'slot'>,
): readonly TextEdit[] {
  const { root } = edited.tree;
  const config = root === undefined ? {} : valueOf(root);
  const taken = [...aliasesOf(config), ...Object.keys(isJsonObject(config) ? config : {})];
  const names = cards.reduce<readonly string[]>(
    (chosen, { name }) => [...chosen, freeName(`${toWords(name)}_disabled`, [...taken, ...chosen])],
    [],
  );
  const item: JsonObject = {
    domain: DOMAINS[slot] ?? 'net',
    type: 'enum',
    args: names,
    targets: names.map((_, chosen) => names.map((_name, index) => index !== chosen)),
  };
  const enabled = Math.max(
    0,
    cards.findIndex(({ isDisabled }) => !isDisabled),
  );
  return combineEdits(edited, [
    ...cards.flatMap(({ path }, index) => [
      (text: EditedText) => setValue(text, [...path, 'disabled'], index !== enabled),
      (text: EditedText) => setValue(text, [...path, 'apply', '@disabled'], names[index]!),
    ]),
    (text: EditedText) => addSearch(text, [], item),
  ]);
}

const DOMAINS: Readonly<Record<string, string>> = { optimizer: 'lr', lr_scheduler: 'lr' };

/** `DiceCELoss` as `dice_ce_loss`. */
function toWords(name: string): string {
  return name.replace(/([a-z\d])([A-Z])|([A-Z]+)(?=[A-Z][a-z])/g, '$1$3_$2').toLowerCase();
}

function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  for (let number = 2; ; number++) if (!taken.includes(`${name}_${number}`)) return `${name}_${number}`;
}
