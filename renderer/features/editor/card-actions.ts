import ArrowDown from '@lucide/svelte/icons/arrow-down';
import ArrowUp from '@lucide/svelte/icons/arrow-up';
import Braces from '@lucide/svelte/icons/braces';
import Copy from '@lucide/svelte/icons/copy';
import Radar from '@lucide/svelte/icons/radar';
import Trash from '@lucide/svelte/icons/trash';
import type { ComponentCard, SlotOutline } from '../../../common/mmar-edit/outline-config.ts';
import { findSearch } from '../../../common/mmar-edit/search-names.ts';
import type { Action } from '../../ui/action.ts';
import type { ConfigForm } from './config-form.svelte.ts';

/** The card of a component in its slot. */
export interface CardPlace {
  readonly form: ConfigForm;
  readonly slot: SlotOutline;
  readonly card: ComponentCard;
  /** Its place among the cards of its slot. */
  readonly index: number;
  readonly move: (to: number) => void;
}

/** What a user can do to a component. */
export function getCardActions(place: CardPlace): readonly Action[] {
  const { form, card } = place;
  return [
    ...(place.slot.form === 'single' || form.isReadOnly ? [] : getOrderActions(place)),
    ...(form.canSearch && !card.isRef ? [getSwitchAction(place)] : []),
    {
      id: 'text',
      title: 'Show in the text',
      icon: Braces,
      group: 'text',
      run: () => form.showText(card.path),
    },
    {
      id: 'remove',
      title: 'Remove',
      icon: Trash,
      group: 'remove',
      tone: 'danger',
      disabledReason: form.isReadOnly ? 'The file is read-only' : undefined,
      run: () => form.remove(card),
    },
  ];
}

function getOrderActions({ form, slot, card, index, move }: CardPlace): readonly Action[] {
  const last = slot.cards.length - 1;
  return [
    {
      id: 'up',
      title: 'Move up',
      icon: ArrowUp,
      shortcut: 'Alt+ArrowUp',
      disabledReason: index === 0 ? 'It is the first' : undefined,
      run: () => move(index - 1),
    },
    {
      id: 'down',
      title: 'Move down',
      icon: ArrowDown,
      shortcut: 'Alt+ArrowDown',
      disabledReason: index === last ? 'It is the last' : undefined,
      run: () => move(index + 1),
    },
    { id: 'copy', title: 'Duplicate', icon: Copy, run: () => form.duplicate(card) },
  ];
}

/** Searches whether the component is used at all. */
function getSwitchAction({ form, slot, card }: CardPlace): Action {
  const found = findSearch(card.json, card.path, '@disabled');
  return {
    id: 'search',
    title: 'Search whether it is used',
    icon: Radar,
    group: 'search',
    checked: found !== undefined,
    run: () => {
      if (found !== undefined) return form.stopSearch(found);
      form.startSearch(card.path, '@disabled', { kind: 'switch' }, card.isDisabled, slot.kind);
      form.expanded.add(card.path);
    },
  };
}
