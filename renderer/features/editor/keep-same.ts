import type { ComponentCard, SectionOutline, SlotOutline } from '../../../common/mmar-edit/outline-config.ts';

/**
 * Makes a function that gives the former value back where the new one is the same JSON: what is derived from it, and
 * shown, is then not made again with every key.
 */
export function keepSame<T>(): (next: T) => T {
  let last: { readonly value: T; readonly text: string } | undefined;
  return (next) => {
    const text = JSON.stringify(next ?? null);
    if (last === undefined || last.text !== text) last = { value: next, text };
    return last.value;
  };
}

/** As {@link keepSame}, for outlines: sections, slots and cards in which nothing changed stay the same objects. */
export function keepSameOutline(): (next: readonly SectionOutline[]) => readonly SectionOutline[] {
  let cards = new Map<string, { readonly card: ComponentCard; readonly text: string }>();
  let slots = new Map<string, SlotOutline>();
  return (next) => {
    const [keptCards, keptSlots] = [new Map(cards), new Map(slots)];
    cards = new Map();
    slots = new Map();
    return next.map((section) => ({ ...section, slots: section.slots.map(keepSlot) }));

    function keepSlot(slot: SlotOutline): SlotOutline {
      const same = { ...slot, cards: slot.cards.map(keepCard) };
      const key = JSON.stringify(slot.path);
      const before = keptSlots.get(key);
      const kept = before !== undefined && isSameSlot(before, same) ? before : same;
      slots.set(key, kept);
      return kept;
    }

    function keepCard(card: ComponentCard): ComponentCard {
      const key = JSON.stringify(card.path);
      const text = JSON.stringify([card.json, card.isDisabled]);
      const before = keptCards.get(key);
      const kept = before?.text === text ? before : { card, text };
      cards.set(key, kept);
      return kept.card;
    }
  };
}

function isSameSlot(a: SlotOutline, b: SlotOutline): boolean {
  return (
    a.form === b.form &&
    a.isPresent === b.isPresent &&
    a.others.length === b.others.length &&
    a.cards.length === b.cards.length &&
    a.cards.every((card, index) => card === b.cards[index])
  );
}
