import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MmarCard } from '../../../common/api/library.ts';
import { findMmars, isMmar } from '../../../main/library/detect-mmar.ts';
import { Library } from '../../../main/library/library.ts';
import type { CardRuns } from '../../../main/library/read-runs.ts';
import { codesOf, openShelf, type TestShelf } from './fixtures.ts';

let shelf: TestShelf;
let isRunning: boolean;
let library: Library;

beforeEach(() => {
  shelf = openShelf();
  isRunning = false;
  library = new Library({
    known: shelf.known,
    runs: { of: async () => ({ runs: 0 }), isRunning: async () => isRunning } as unknown as CardRuns,
    trustOf: async () => 'untrusted',
    sampleFolder: join(shelf.root, 'samples'),
  });
});
afterEach(() => shelf.remove());

async function cardOf(folder: string): Promise<MmarCard> {
  return library.card(shelf.known.add(folder));
}

describe('cards', () => {
  it('say what an MMAR is', async () => {
    const folder = await shelf.makeMmar('liver');
    expect(await cardOf(folder)).toMatchObject({
      name: 'liver',
      state: 'ready',
      faults: [],
      task: 'segmentation',
      network: 'UNet',
      trust: 'needless',
      runs: 0,
    });
  });

  it('count the cases of the data list', async () => {
    const folder = await shelf.makeMmar('liver');
    mkdirSync(join(folder, 'data'));
    const list = {
      name: 'Livers',
      training: [{ image: 'a', label: 'b' }],
      validation: [{ image: 'c', label: 'd' }],
    };
    writeFileSync(join(folder, 'data/dataset.json'), JSON.stringify(list));
    expect((await cardOf(folder)).data).toEqual({ name: 'Livers', training: 1, validation: 1 });
    writeFileSync(join(folder, 'data/dataset.json'), '[]');
    expect((await cardOf(folder)).data).toBeUndefined();
  });

  it('say where a broken config is broken', async () => {
    const folder = await shelf.makeMmar('liver');
    writeFileSync(join(folder, 'config/config_train.json'), '{ "epochs": 3,, }');
    const card = await cardOf(folder);
    expect(card.state).toBe('broken');
    expect(card.faults).toMatchObject([{ code: 'json-syntax', file: 'config/config_train.json', line: 1 }]);
  });

  it('say that a folder is gone, or is no MMAR any more', async () => {
    const folder = await shelf.makeMmar('liver');
    const mmar = shelf.known.add(folder);
    rmSync(join(folder, 'config'), { recursive: true });
    expect(await library.card(mmar)).toMatchObject({ state: 'foreign', faults: [{ code: 'schema' }] });
    rmSync(folder, { recursive: true });
    expect(await library.card(mmar)).toMatchObject({ state: 'gone', faults: [{ code: 'file-missing' }] });
  });

  it('ask about trust only where there is code', async () => {
    const folder = await shelf.makeMmar('liver');
    mkdirSync(join(folder, 'custom/losses'), { recursive: true });
    writeFileSync(join(folder, 'custom/losses/mine.ts'), 'export class Mine {}');
    expect((await cardOf(folder)).trust).toBe('untrusted');
  });
});

describe('the first look', () => {
  it('makes a sample, once, that can be trained', async () => {
    const [first, second] = await Promise.all([library.cards(), library.cards()]);
    expect(first).toHaveLength(1);
    expect(second).toHaveLength(1);
    expect(first[0]).toMatchObject({ isSample: true, state: 'ready', data: { training: 12, validation: 4 } });
    expect(await library.cards()).toHaveLength(1);
  });

  it('leaves an empty library where no sample can be written', async () => {
    writeFileSync(join(shelf.root, 'samples'), 'a file where the folder has to be');
    expect(await library.cards()).toEqual([]);
    expect(await codesOf(library.addSample())).toHaveLength(1);
  });

  it('makes no sample again after it was taken off the list', async () => {
    const [sample] = await library.cards();
    shelf.known.forget(sample!.mmar);
    expect(await library.cards()).toEqual([]);
  });
});

describe('adding', () => {
  it('refuses what is no MMAR and what is not there', async () => {
    expect(await codesOf(library.add(shelf.makeFolder('other')))).toEqual(['schema']);
    expect(await codesOf(library.add(join(shelf.root, 'nowhere')))).toEqual(['file-missing']);
    expect(await codesOf(library.addAll(shelf.makeFolder('none')))).toEqual(['schema']);
  });

  it('takes all MMARs of a folder, but not the jobs in their runs', async () => {
    const a = await shelf.makeMmar('a');
    await shelf.makeMmar('b');
    mkdirSync(join(a, 'automl/run/W1_1_J1/config'), { recursive: true });
    writeFileSync(join(a, 'automl/run/W1_1_J1/config/config_train.json'), '{}');
    expect(await isMmar(join(a, 'automl/run/W1_1_J1'))).toBe(true);
    expect(await findMmars(shelf.root)).toEqual([a, join(shelf.root, 'mmars/b')]);
    expect(await library.addAll(shelf.root)).toHaveLength(2);
  });

  it('remembers where an MMAR is that somebody moved', async () => {
    const folder = await shelf.makeMmar('a');
    const mmar = await library.add(folder);
    const moved = join(shelf.root, 'moved');
    renameSync(folder, moved);
    expect((await library.card(mmar)).state).toBe('gone');
    await library.relocate(mmar, moved);
    expect(await library.card(mmar)).toMatchObject({ mmar, name: 'moved', state: 'ready' });
    expect(await codesOf(library.relocate(mmar, shelf.makeFolder('other')))).toEqual(['schema']);
  });
});

describe('renaming', () => {
  it('renames the folder and keeps the id', async () => {
    const mmar = await library.add(await shelf.makeMmar('a'));
    await library.rename(mmar, 'better');
    expect(await library.card(mmar)).toMatchObject({ mmar, name: 'better', state: 'ready' });
    expect(existsSync(join(shelf.root, 'mmars/a'))).toBe(false);
  });

  it('refuses a name that is taken, and does nothing for the same name', async () => {
    const mmar = await library.add(await shelf.makeMmar('a'));
    await shelf.makeMmar('b');
    expect(await codesOf(library.rename(mmar, 'b'))).toEqual(['already-exists']);
    await library.rename(mmar, 'a');
    expect((await library.card(mmar)).name).toBe('a');
  });

  it('refuses while a run is on', async () => {
    const mmar = await library.add(await shelf.makeMmar('a'));
    isRunning = true;
    expect(await codesOf(library.rename(mmar, 'b'))).toEqual(['run-locked']);
  });
});
