import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultError } from '../../common/fault.ts';
import type { SettingsStore } from '../../main/ports/settings-store.ts';

/** @param open opens the settings of a data folder; called again for the next start */
export function describeSettingsStore(name: string, open: (dataFolder: string) => SettingsStore): void {
  describe(`${name} as a settings store`, () => {
    let parent: string;
    let folder: string;
    const file = (): string => join(folder, 'settings.json');
    beforeEach(() => {
      parent = mkdtempSync(join(tmpdir(), 'outerloop-settings-'));
      folder = join(parent, 'data');
    });
    afterEach(() => rmSync(parent, { recursive: true, force: true }));

    it('begins empty and keeps JSON values for the next start', () => {
      const values = { theme: 'dark', 'window.bounds': { x: 1, list: [null, true] }, 'a.b': 1, ünïcode: '°' };
      const store = open(folder);
      expect(store.get('theme')).toBeUndefined();
      for (const [key, value] of Object.entries(values)) store.set(key, value);
      const next = open(folder);
      for (const [key, value] of Object.entries(values)) expect(next.get(key)).toEqual(value);
      expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual(values);
    });

    it('forgets what is deleted', () => {
      const store = open(folder);
      store.set('one', 1);
      store.set('two', 2);
      store.delete('one');
      store.delete('never there');
      expect(open(folder).get('one')).toBeUndefined();
      expect(open(folder).get('two')).toBe(2);
    });

    it('sees what another host has set meanwhile, and keeps it', () => {
      const here = open(folder);
      here.set('mine', 1);
      open(folder).set('theirs', 2);
      expect(here.get('theirs')).toBe(2);
      here.set('mine', 3);
      expect(open(folder).get('theirs')).toBe(2);
    });

    it('writes a file that only the user may read', () => {
      open(folder).set('one', 1);
      if (process.platform !== 'win32') expect(statSync(file()).mode & 0o777).toBe(0o600);
    });

    it.each(['{"theme": "da', '[1, 2]', 'null', '', '"text"'])(
      'takes a damaged file (%j) for an empty one and keeps it beside the new one',
      (damaged) => {
        mkdirSync(folder);
        writeFileSync(file(), damaged);
        const store = open(folder);
        expect(store.get('theme')).toBeUndefined();
        store.set('theme', 'light');
        expect(open(folder).get('theme')).toBe('light');
        expect(readFileSync(`${file()}.damaged`, 'utf8')).toBe(damaged);
      },
    );

    it('says which file could not be written, and goes on with what was set before', () => {
      mkdirSync(folder);
      // Stands for a disk that refuses, also for a user who may write everywhere.
      mkdirSync(file());
      const store = open(folder);
      expect(store.get('theme')).toBeUndefined();
      const failure = catchFault(() => store.set('theme', 'light'));
      expect(failure.faults[0]).toMatchObject({ code: 'file-unwritable', file: 'settings.json' });
      expect(failure.message).not.toContain(folder);
      expect(store.get('theme')).toBeUndefined();
    });

    it('treats names of the language as names', () => {
      const store = open(folder);
      for (const key of ['constructor', 'toString', 'hasOwnProperty']) {
        expect(store.get(key)).toBeUndefined();
        store.set(key, key);
        expect(open(folder).get(key)).toBe(key);
      }
    });
  });
}

function catchFault(work: () => void): FaultError {
  try {
    work();
  } catch (error) {
    if (error instanceof FaultError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
