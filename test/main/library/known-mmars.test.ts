import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mmarId } from '../../../common/api/ids.ts';
import { FaultError } from '../../../common/fault.ts';
import { KnownMmars } from '../../../main/library/known-mmars.ts';
import { openShelf, type TestShelf } from './fixtures.ts';

let shelf: TestShelf;
beforeEach(() => {
  shelf = openShelf();
});
afterEach(() => shelf.remove());

it('gives a folder one id, whenever it is added', () => {
  const { known, root } = shelf;
  const first = known.add(join(root, 'a'));
  expect(known.add(join(root, 'b', '..', 'a'))).toBe(first);
  expect(known.add(join(root, 'b'))).not.toBe(first);
  expect(mmarId.safeParse(first).success).toBe(true);
  expect(known.folderOf(first)).toBe(join(root, 'a'));
});

it('lists the MMAR that was opened last first', () => {
  const { known, clock, root } = shelf;
  const [a, b, c] = ['a', 'b', 'c'].map((name) => {
    clock.move(1000);
    return known.add(join(root, name));
  });
  clock.move(1000);
  known.touch(a!);
  expect(known.list().map(({ mmar }) => mmar)).toEqual([a, c, b]);
});

it('is new until something is added, and remembers it for another program', () => {
  const { known, dataFolder, clock, root } = shelf;
  expect(known.isNew).toBe(true);
  const mmar = known.add(join(root, 'a'), true);
  expect(known.isNew).toBe(false);
  const other = new KnownMmars(dataFolder, clock);
  expect(other.get(mmar)).toMatchObject({ folder: join(root, 'a'), isSample: true });
});

it('sees what another program has added', () => {
  const { known, dataFolder, clock, root } = shelf;
  known.add(join(root, 'a'));
  const other = new KnownMmars(dataFolder, clock);
  const added = other.add(join(root, 'b'));
  expect(known.folderOf(added)).toBe(join(root, 'b'));
  known.add(join(root, 'c'));
  expect(known.list()).toHaveLength(3);
});

it('says that an MMAR is not known', () => {
  const { known, root } = shelf;
  const mmar = known.add(join(root, 'a'));
  known.forget(mmar);
  expect(() => known.folderOf(mmar)).toThrow(FaultError);
  expect(() => known.touch(mmar)).toThrow(FaultError);
});

it('keeps a damaged library beside the new one', () => {
  const { dataFolder, clock, root } = shelf;
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(join(dataFolder, 'library.json'), '{ "mmars": [');
  const known = new KnownMmars(dataFolder, clock);
  expect(known.list()).toEqual([]);
  known.add(join(root, 'a'));
  expect(readFileSync(join(dataFolder, 'library.json.damaged'), 'utf8')).toBe('{ "mmars": [');
  expect(existsSync(join(dataFolder, 'library.json'))).toBe(true);
});

it('tells listeners of each change until they leave', () => {
  const { known, root } = shelf;
  let heard = 0;
  const leave = known.onChange(() => heard++);
  const mmar = known.add(join(root, 'a'));
  known.move(mmar, join(root, 'b'));
  expect(heard).toBe(2);
  leave();
  known.forget(mmar);
  expect(heard).toBe(2);
});
