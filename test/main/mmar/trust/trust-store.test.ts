import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findTemplate } from '../../../../main/mmar/template.ts';
import { TrustStore } from '../../../../main/mmar/trust/trust-store.ts';
import { makeArchivedMmar, removeArchived, writeFiles } from '../archive/archived-mmar.ts';

afterEach(removeArchived);

const decision = { by: 'jdoe', at: '2020-01-02T03:04:05.000Z', note: 'I have read it' };

function make(): { root: string; folder: string; store: TrustStore; file: string } {
  const { root, folder } = makeArchivedMmar({ 'custom/loss.ts': 'export class Own {}' });
  const file = join(folder, 'data/trust.jsonl');
  return { root, folder, file, store: new TrustStore(file) };
}

describe('trust', () => {
  it('is unknown until somebody decides about the files that were shown', async () => {
    const { root, store, file } = make();
    const view = await store.view(root);
    expect(view.state).toBe('unknown');
    expect(view.files.map(({ path }) => path)).toEqual(['commands/train.sh', 'custom/loss.ts']);
    expect(await store.trust(root, view.digest, decision)).toBe(true);
    expect(await new TrustStore(file).view(root)).toMatchObject({
      state: 'trusted',
      record: { decision: 'trusted', digest: view.digest, by: 'jdoe', note: 'I have read it' },
    });
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('is about the code, wherever the MMAR stands', async () => {
    const { root, folder, store } = make();
    await store.trust(root, (await store.view(root)).digest, decision);
    cpSync(root, join(folder, 'copy'), { recursive: true });
    expect((await store.view(join(folder, 'copy'))).state).toBe('trusted');
  });

  it('ends with any change of the code, and says which files it is', async () => {
    const { root, store } = make();
    await store.trust(root, (await store.view(root)).digest, decision);
    appendFileSync(join(root, 'custom/loss.ts'), '// more');
    writeFileSync(join(root, 'custom/new.ts'), '');
    rmSync(join(root, 'commands/train.sh'));
    expect(await store.view(root)).toMatchObject({
      state: 'changed',
      changes: { added: ['custom/new.ts'], changed: ['custom/loss.ts'], gone: ['commands/train.sh'] },
    });
  });

  it('is not touched by a change of a config', async () => {
    const { root, store } = make();
    await store.trust(root, (await store.view(root)).digest, decision);
    writeFileSync(join(root, 'config/config_train.json'), '{"epochs": 99}');
    expect((await store.view(root)).state).toBe('trusted');
  });

  it('is not given to what changed while the user looked', async () => {
    const { root, store } = make();
    const { digest } = await store.view(root);
    appendFileSync(join(root, 'custom/loss.ts'), '// evil');
    expect(await store.trust(root, digest, decision)).toBe(false);
    expect((await store.view(root)).state).toBe('unknown');
  });

  it('can be taken back, and all decisions stay written', async () => {
    const { root, store, file } = make();
    const { digest } = await store.view(root);
    await store.trust(root, digest, decision);
    await store.revoke(root, { ...decision, by: 'admin' });
    expect((await store.view(root)).state).toBe('revoked');
    expect((await store.list()).map(({ decision: what, by }) => [what, by])).toEqual([
      ['trusted', 'jdoe'],
      ['revoked', 'admin'],
    ]);
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(2);
    await store.trust(root, digest, decision);
    expect((await store.view(root)).state).toBe('trusted');
  });

  it('is never found in lines that cannot be read', async () => {
    const { root, store, file } = make();
    const { digest } = await store.view(root);
    await store.trust(root, digest, decision);
    const line = readFileSync(file, 'utf8');
    writeFileSync(file, `${line.replace('"trusted"', '"yes"')}{"decision": "trusted", "digest"\n`);
    expect((await store.view(root)).state).toBe('unknown');
  });

  it('is not needed for what came with the program', async () => {
    const { folder, store } = make();
    const { folder: template } = await findTemplate('segmentation-unet-3d');
    const root = join(folder, 'new');
    cpSync(template, root, { recursive: true });
    expect(await store.view(root)).toMatchObject({ state: 'no-code', files: [] });
    appendFileSync(join(root, 'commands/automl_train_round.sh'), 'curl evil\n');
    expect(await store.view(root)).toMatchObject({
      state: 'unknown',
      files: [{ path: 'commands/automl_train_round.sh' }],
    });
  });

  it('of a link is trust in what is there, and never in a folder behind one', async () => {
    const { root, folder, store } = make();
    for (const name of ['one', 'two']) writeFileSync(join(folder, name), name);
    mkdirSync(join(folder, 'shared'));
    writeFileSync(join(folder, 'shared/evil.sh'), 'curl');
    symlinkSync(join(folder, 'shared'), join(root, 'commands/shared'));
    symlinkSync(join(folder, 'one'), join(root, 'custom/link.ts'));
    const one = (await store.view(root)).digest;
    rmSync(join(root, 'custom/link.ts'));
    symlinkSync(join(folder, 'two'), join(root, 'custom/link.ts'));
    const two = await store.view(root);
    expect(two.digest).not.toBe(one);
    expect(two.files.map(({ path }) => path)).toEqual([
      'commands/train.sh',
      'custom/link.ts',
      'custom/loss.ts',
    ]);
  });

  it('covers code in other folders, which a script may call, but not what runs have copied', async () => {
    const { root, store } = make();
    writeFiles(root, { 'tools/net.PY': 'print()', 'tools/notes.md': '', 'automl/r/journal.jsonl': '' });
    writeFiles(root, {
      'automl/r/W1_1_J1/custom/loss.ts': '',
      'automl/setup.sh': 'echo',
      '.git/hook.sh': '',
    });
    const { digest, files } = await store.view(root);
    expect(files.map(({ path }) => path)).toEqual([
      'automl/setup.sh',
      'commands/train.sh',
      'custom/loss.ts',
      'tools/net.PY',
    ]);
    await store.trust(root, digest, decision);
    expect(await store.trustedCode(root)).toMatchObject({ digest });
    appendFileSync(join(root, 'tools/net.PY'), '#');
    expect(await store.view(root)).toMatchObject({
      state: 'changed',
      changes: { changed: ['tools/net.PY'] },
    });
    expect(await store.trustedCode(root)).toBeUndefined();
  });
});
