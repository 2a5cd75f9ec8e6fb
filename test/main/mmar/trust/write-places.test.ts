import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireWritePlace, WritePlaces } from '../../../../main/mmar/trust/write-places.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'write-places-'));
  for (const name of ['mmar', 'disk']) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('where an MMAR may write', () => {
  it('is what the user has allowed and not taken back, of this MMAR', async () => {
    const file = join(folder, 'data/write-places.jsonl');
    const places = new WritePlaces(file);
    expect(await places.list('/a')).toEqual([]);
    const decision = { mmar: '/a', folder: '/disk', isAllowed: true, by: 'jdoe', at: '2020-01-02T03:04:05Z' };
    await places.decide(decision);
    await places.decide({ ...decision, folder: '/other' });
    await places.decide({ ...decision, mmar: '/b' });
    appendFileSync(file, '{"mmar": "/a", "folder": "/"}\nbroken\n');
    expect(await places.list('/a')).toEqual(['/disk', '/other']);
    await places.decide({ ...decision, isAllowed: false });
    expect(await new WritePlaces(file).list('/a')).toEqual(['/other']);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('is the MMAR, and never what a link in it leads to', async () => {
    const root = join(folder, 'mmar');
    symlinkSync(join(folder, 'disk'), join(root, 'runs'));
    symlinkSync('../disk/new', join(root, 'later'));
    symlinkSync('round', join(root, 'round'));
    const where = { file: 'config/config_automl.json', argument: 'work_dir' };
    const check = (path: string, allowed: readonly string[] = []) =>
      requireWritePlace(path, root, allowed, where);
    await check(join(root, 'automl/deep'));
    await check(join(root, 'runs/a'), [join(folder, 'disk')]);
    await check(join(root, 'round'));
    for (const path of [
      join(root, 'runs/a'),
      join(root, 'later'),
      join(root, 'later/a'),
      join(folder, 'mmar2'),
      folder,
    ])
      await expect(check(path)).rejects.toMatchObject({ faults: [{ ...where, code: 'path-not-allowed' }] });
  });
});
