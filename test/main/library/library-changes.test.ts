import { afterEach, beforeEach, expect, it } from 'vitest';
import { join } from 'node:path';
import { LOOK_AGAIN_MS, watchLibrary } from '../../../main/library/library-changes.ts';
import { openShelf, type TestShelf } from './fixtures.ts';

let shelf: TestShelf;
beforeEach(() => {
  shelf = openShelf();
});
afterEach(() => shelf.remove());

it('gives an item at once, after a change, after a while, and ends when nobody listens', async () => {
  const { known, clock, root } = shelf;
  const leaving = new AbortController();
  const changes = watchLibrary(known, clock, leaving.signal);
  expect((await changes.next()).value).toEqual({ revision: 0, isListed: true });

  let next = changes.next();
  known.add(join(root, 'a'));
  expect((await next).value).toMatchObject({ isListed: true });

  next = changes.next();
  await Promise.resolve();
  clock.move(LOOK_AGAIN_MS + 1);
  expect((await next).value).toMatchObject({ isListed: false });

  next = changes.next();
  await Promise.resolve();
  leaving.abort();
  expect((await next).done).toBe(true);
});

it('misses no change that comes while an item is on its way', async () => {
  const { known, clock, root } = shelf;
  const leaving = new AbortController();
  const changes = watchLibrary(known, clock, leaving.signal);
  await changes.next();
  known.add(join(root, 'a'));
  known.add(join(root, 'b'));
  expect((await changes.next()).done).toBe(false);
  leaving.abort();
  expect((await changes.next()).done).toBe(true);
});
