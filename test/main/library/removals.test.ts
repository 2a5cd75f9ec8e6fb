import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FaultError } from '../../../common/fault.ts';
import { KEPT_FOLDER, Removals, UNDO_MS } from '../../../main/library/removals.ts';
import { codesOf, openShelf, type TestShelf } from './fixtures.ts';

let shelf: TestShelf;
let trashed: string[];
beforeEach(() => {
  shelf = openShelf();
  trashed = [];
});
afterEach(() => shelf.remove());

function openRemovals(hasTrash: boolean, trash = async (path: string) => void trashed.push(path)): Removals {
  const abilities = { dialogs: false, reveal: false, trash: hasTrash, notifications: false };
  return new Removals(shelf.known, { abilities, trash }, shelf.clock);
}

/** Lets what a timer has begun come to its end. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

it('puts an MMAR away and brings it back with its id', async () => {
  const removals = openRemovals(true);
  const folder = await shelf.makeMmar('a');
  const mmar = shelf.known.add(folder);
  const { removal } = await removals.remove(mmar);
  expect(existsSync(folder)).toBe(false);
  expect(shelf.known.list()).toEqual([]);
  expect(await removals.restore(removal)).toBe(mmar);
  expect(shelf.known.folderOf(mmar)).toBe(folder);
  expect(existsSync(join(folder, 'config/config_train.json'))).toBe(true);
  shelf.clock.move(UNDO_MS * 2);
  await settle();
  expect(trashed).toEqual([]);
  expect(existsSync(join(shelf.root, 'mmars', KEPT_FOLDER))).toBe(false);
});

it('hands it to the trash when nobody has changed their mind', async () => {
  const removals = openRemovals(true, async (path) => {
    trashed.push(path);
    rmSync(path, { recursive: true });
  });
  const { removal, kept } = await removals.remove(shelf.known.add(await shelf.makeMmar('a')));
  shelf.clock.move(UNDO_MS + 1);
  await settle();
  expect(trashed).toEqual([kept]);
  expect(shelf.known.removals()).toEqual([]);
  expect(await codesOf(removals.restore(removal))).toEqual(['file-missing']);
});

it('finishes at the next start what a killed program has left', async () => {
  await openRemovals(true).remove(shelf.known.add(await shelf.makeMmar('a')));
  await openRemovals(true).finishAll();
  expect(trashed).toHaveLength(1);
});

it('keeps it where there is no trash', async () => {
  const removals = openRemovals(false);
  const { kept } = await removals.remove(shelf.known.add(await shelf.makeMmar('a')));
  shelf.clock.move(UNDO_MS * 10);
  await removals.finishAll();
  expect(removals.trash).toBe('kept');
  expect(trashed).toEqual([]);
  expect(existsSync(kept)).toBe(true);
});

it('loses nothing when the trash refuses', async () => {
  const removals = openRemovals(true, async () => {
    throw new FaultError({ code: 'file-unwritable', message: 'no trash on this disk' });
  });
  const { removal, kept } = await removals.remove(shelf.known.add(await shelf.makeMmar('a')));
  await removals.finishAll();
  expect(existsSync(kept)).toBe(true);
  expect(shelf.known.removals().map((other) => other.removal)).toEqual([removal]);
});

it('does not bring it back over something else', async () => {
  const removals = openRemovals(true);
  const folder = await shelf.makeMmar('a');
  const { removal } = await removals.remove(shelf.known.add(folder));
  mkdirSync(folder);
  expect(await codesOf(removals.restore(removal))).toEqual(['already-exists']);
});
