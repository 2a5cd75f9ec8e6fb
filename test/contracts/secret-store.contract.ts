import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SecretStore } from '../../main/ports/secret-store.ts';

/** @param open opens the secrets of a data folder; called again for the next start */
export function describeSecretStore(
  name: string,
  open: (dataFolder: string) => SecretStore,
  fileName = 'secrets.json',
): void {
  describe(`${name} as a secret store`, () => {
    let parent: string;
    let folder: string;
    const file = (): string => join(folder, fileName);
    beforeEach(() => {
      parent = mkdtempSync(join(tmpdir(), 'outerloop-secrets-'));
      folder = join(parent, 'data');
    });
    afterEach(() => rmSync(parent, { recursive: true, force: true }));

    it('begins empty and keeps secrets for the next start', async () => {
      expect(await open(folder).get('mlflow')).toBeUndefined();
      await open(folder).set('mlflow', 'tøken "1"');
      await open(folder).set('other', 'x');
      await open(folder).set('mlflow', 'token 2');
      expect(await open(folder).get('mlflow')).toBe('token 2');
      expect(await open(folder).get('other')).toBe('x');
    });

    it('forgets what is deleted', async () => {
      const store = open(folder);
      await store.set('mlflow', 'token');
      await store.delete('mlflow');
      await store.delete('never there');
      expect(await open(folder).get('mlflow')).toBeUndefined();
      expect(readFileSync(file(), 'utf8')).not.toContain('mlflow');
    });

    it('says in which file they lie', async () => {
      await open(folder).set('mlflow', 'token');
      expect(open(folder).file).toBe(file());
    });

    it('asks for no file before there is a secret', async () => {
      await open(folder).get('mlflow');
      await open(folder).delete('mlflow');
      expect(existsSync(folder)).toBe(false);
    });

    it('writes files that only the user may read, and leaves no other copy', async () => {
      await open(folder).set('mlflow', 'token');
      expect(readdirSync(folder)).toEqual([fileName]);
      if (process.platform !== 'win32') expect(statSync(file()).mode & 0o777).toBe(0o600);
    });

    it.each(['{"mlflow": "to', '["mlflow"]', '{"mlflow": 7}'])(
      'has nothing in a damaged file (%j) and can be set anew',
      async (damaged) => {
        mkdirSync(folder);
        writeFileSync(file(), damaged);
        expect(await open(folder).get('mlflow')).toBeUndefined();
        await open(folder).set('mlflow', 'token');
        expect(await open(folder).get('mlflow')).toBe('token');
      },
    );

    it('says which file could not be written', async () => {
      mkdirSync(folder);
      mkdirSync(file());
      await expect(open(folder).set('mlflow', 'token')).rejects.toMatchObject({
        name: 'FaultError',
        faults: [{ code: 'file-unwritable', file: fileName }],
      });
    });

    it('treats names of the language as names', async () => {
      expect(await open(folder).get('constructor')).toBeUndefined();
      expect(await open(folder).get('__proto__')).toBeUndefined();
    });
  });
}
