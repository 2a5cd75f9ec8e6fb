import { expect, it } from 'vitest';
import { digestText } from '../../../common/text/digest-text.ts';

it('digests a text into sixteen digits that depend on every character and on their order', () => {
  const texts = ['', 'a', 'b', 'ab', 'ba', 'aab', 'Ä', 'a\u0000', ' a', 'a '];
  const digests = texts.map(digestText);
  for (const digest of digests) expect(digest).toMatch(/^[0-9a-f]{16}$/);
  expect(new Set(digests).size).toBe(texts.length);
  expect(digestText('ab')).toBe(digests[3]);
});

it('tells a hundred thousand similar texts apart', () => {
  const digests = new Set(
    Array.from({ length: 100_000 }, (_, number) => digestText(`query noun.verb${number}`)),
  );
  expect(digests.size).toBe(100_000);
});
