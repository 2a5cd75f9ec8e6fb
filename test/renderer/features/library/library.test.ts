import { expect, it } from 'vitest';
import { mmarId } from '../../../../common/api/ids.ts';
import type { MmarCard } from '../../../../common/api/library.ts';
import { findCards, orderCards } from '../../../../renderer/features/library/library.svelte.ts';

const card = (name: string, more: Partial<MmarCard> = {}): MmarCard => ({
  mmar: mmarId.parse(`${name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}00000000`),
  name,
  place: '~/MMARs',
  state: 'ready',
  faults: [],
  runs: 0,
  trust: 'needless',
  isSample: false,
  ...more,
});
const best = (score: number): Partial<MmarCard> => ({ best: { run: 'r', job: 'j', score } });
const cards = [
  card('liver10', best(0.7)),
  card('Spleen', { network: 'UNet' }),
  card('liver9', best(0.9)),
  card('brain'),
];
const names = (shown: readonly MmarCard[]): readonly string[] => shown.map(({ name }) => name);

it('finds cards by all words of the query, in any of their texts', () => {
  expect(names(findCards(cards, 'LIVER'))).toEqual(['liver10', 'liver9']);
  expect(names(findCards(cards, 'unet spl'))).toEqual(['Spleen']);
  expect(names(findCards(cards, 'mmars'))).toHaveLength(4);
  expect(findCards(cards, '  ')).toBe(cards);
});

it('orders cards by name as people count, by score with none last', () => {
  expect(names(orderCards(cards, 'name'))).toEqual(['brain', 'liver9', 'liver10', 'Spleen']);
  expect(names(orderCards(cards, 'score'))).toEqual(['liver9', 'liver10', 'Spleen', 'brain']);
  expect(orderCards(cards, 'opened')).toBe(cards);
});
