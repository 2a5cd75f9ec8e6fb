import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { browseFolder, makeFolder } from '../../../main/system/browse-folder.ts';
import { codesOf } from '../library/fixtures.ts';

let root: string;
let home: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'outerloop-browse-')));
  home = join(root, 'home');
  mkdirSync(join(home, 'scans10'), { recursive: true });
  mkdirSync(join(home, 'scans9'));
  mkdirSync(join(home, '.hidden'));
  mkdirSync(join(home, 'liver/config'), { recursive: true });
  writeFileSync(join(home, 'liver/config/config_train.json'), '{}');
  writeFileSync(join(home, 'dataset.JSON'), '{}');
  writeFileSync(join(home, 'notes.txt'), 'text');
  mkdirSync(join(root, 'secret'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const folders = { kind: 'folder', endings: [] } as const;

it('lists folders in the order that people count in, MMARs marked, hidden ones left out', async () => {
  const { entries, path, parent } = await browseFolder(folders, [home]);
  expect(path).toBe(home);
  expect(parent).toBeUndefined();
  expect(entries.map(({ name, isMmar }) => [name, isMmar])).toEqual([
    ['liver', true],
    ['scans9', false],
    ['scans10', false],
  ]);
});

it('lists files by their endings, after the folders', async () => {
  const { entries } = await browseFolder({ kind: 'file', endings: ['json'] }, [home]);
  expect(entries.map(({ name }) => name)).toEqual(['liver', 'scans9', 'scans10', 'dataset.JSON']);
  const all = await browseFolder({ kind: 'file', endings: [] }, [home]);
  expect(all.entries.map(({ name }) => name)).toContain('notes.txt');
});

it('goes up to the root and no further', async () => {
  const below = await browseFolder({ ...folders, path: join(home, 'liver/config') }, [home]);
  expect(below.parent).toBe(join(home, 'liver'));
  expect(await codesOf(browseFolder({ ...folders, path: root }, [home]))).toEqual(['path-not-allowed']);
  expect(await codesOf(browseFolder({ ...folders, path: join(home, '../secret') }, [home]))).toEqual([
    'path-not-allowed',
  ]);
  expect(await codesOf(browseFolder({ ...folders, path: `${home}-other` }, [home]))).toEqual([
    'file-missing',
  ]);
});

it('does not follow a link out of the roots', async () => {
  symlinkSync(join(root, 'secret'), join(home, 'way-out'));
  expect(await codesOf(browseFolder({ ...folders, path: join(home, 'way-out') }, [home]))).toEqual([
    'path-not-allowed',
  ]);
  const both = await browseFolder({ ...folders, path: join(home, 'way-out') }, [home, join(root, 'secret')]);
  expect(both.entries).toEqual([]);
});

it('says that a folder is missing or may not be read', async () => {
  expect(await codesOf(browseFolder({ ...folders, path: join(home, 'none') }, [home]))).toEqual([
    'file-missing',
  ]);
  if (process.getuid?.() === 0) {
    console.warn('SKIPPED: a folder that may not be read: the superuser may read everything');
    return;
  }
  chmodSync(join(home, 'scans9'), 0);
  expect(await codesOf(browseFolder({ ...folders, path: join(home, 'scans9') }, [home]))).toHaveLength(1);
});

it('makes a folder within the roots, and no other', async () => {
  const made = await makeFolder(home, 'new one', [home]);
  expect((await browseFolder({ ...folders, path: made }, [home])).entries).toEqual([]);
  expect(await codesOf(makeFolder(home, 'new one', [home]))).toEqual(['already-exists']);
  for (const name of ['..', '../x', 'a\\b', 'a/b'])
    expect(await codesOf(makeFolder(home, name, [home]))).toEqual(['path-not-allowed']);
  expect(await codesOf(makeFolder(root, 'x', [home]))).toEqual(['path-not-allowed']);
});
