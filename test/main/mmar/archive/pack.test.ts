import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { packMmar } from '../../../../main/mmar/archive/pack.ts';
import { planPack } from '../../../../main/mmar/archive/plan-pack.ts';
import { unpackMmar } from '../../../../main/mmar/archive/unpack.ts';
import { readVersions, stampVersion } from '../../../../main/mmar/archive/versions.ts';
import { faultsOf, makeArchivedMmar, removeArchived, writeFiles } from './archived-mmar.ts';

afterEach(removeArchived);

const digestOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('a packed MMAR', () => {
  it('comes back as it was, without runs, data and what trainings leave behind', async () => {
    const { root, folder } = makeArchivedMmar();
    writeFiles(root, {
      'automl/first/journal.jsonl': 'x',
      'eval/out.nii.gz': 'x',
      'data/a.nii.gz': 'x',
      'models/model.pt': Buffer.alloc(100_000, 7),
      'models/resume.pt': 'x',
      'models/samples/validation_1.png': 'x',
      'models/samples/validation_2.png.draft': 'x',
      'custom/samples/notes.png': 'x',
      'models/events.out.tfevents.1.computer': 'x',
      '.git/config': 'x',
    });
    const packed = await packMmar({ mmarRoot: root, file: join(folder, 'a.mmar') });
    const back = await unpackMmar({ file: packed.file, folder: join(folder, 'back') });
    expect(back.manifest).toMatchObject({ outerloop_mmar: 1, name: 'mmar', digest: packed.digest });
    expect(back.files.map(({ path }) => path)).toEqual([
      'commands/train.sh',
      'config/config_train.json',
      'config/environment.json',
      'custom/samples/notes.png',
      'models/model.pt',
    ]);
    expect(digestOf(join(folder, 'back/models/model.pt'))).toBe(digestOf(join(root, 'models/model.pt')));
    expect(existsSync(join(folder, 'back/outerloop-mmar.json'))).toBe(false);
    expect(readdirSync(folder).toSorted()).toEqual(['a.mmar', 'back', 'mmar']);
  });

  it('is the same bytes for the same MMAR, whenever and wherever it was written', async () => {
    const [one, two] = [makeArchivedMmar(), makeArchivedMmar()];
    chmodSync(join(two.root, 'commands/train.sh'), 0o755);
    const digests = [];
    for (const { root, folder } of [one, two])
      digests.push(digestOf((await packMmar({ mmarRoot: root, file: join(folder, 'a.mmar') })).file));
    expect(digests[0]).toBe(digests[1]);
  });

  it('holds no path to data: they stay where the data is', async () => {
    const { root, folder } = makeArchivedMmar({
      'config/environment.json': JSON.stringify({
        DATA_ROOT: '/home/somebody/studies',
        DATASET_JSON: '../../studies/dataset.json',
        OUTPUT_CHANNELS: 3,
      }),
    });
    const packed = await packMmar({ mmarRoot: root, file: join(folder, 'a.mmar') });
    expect(packed.packedTexts.get('config/environment.json')?.replaced).toEqual([
      'DATA_ROOT',
      'DATASET_JSON',
    ]);
    await unpackMmar({ file: packed.file, folder: join(folder, 'back') });
    expect(JSON.parse(readFileSync(join(folder, 'back/config/environment.json'), 'utf8'))).toEqual({
      DATA_ROOT: 'data',
      DATASET_JSON: 'data/dataset.json',
      OUTPUT_CHANNELS: 3,
    });
  });

  it('holds no path to data of its runs either, and no log of theirs', async () => {
    const environment = JSON.stringify({
      DATA_ROOT: '../../../../data',
      DATASET_JSON: '/srv/study/list.json',
    });
    const list = { file: '/srv/study/list.json', sha256: '00' };
    const { root, folder } = makeArchivedMmar({
      'automl/r/W1_1_J1/config/environment.json': environment,
      'automl/r/W1_1_J1/log.txt': 'read /srv/study/a.nii.gz',
      'automl/r/trace.log': 'in /srv/study',
      'automl/r/searched/config/environment.json': JSON.stringify({ DATA_ROOT: 'resources/data' }),
      'automl/r/searched/searched.json': JSON.stringify({ outerloop_searched: 1, data_list: list }),
    });
    const packed = await packMmar({ mmarRoot: root, file: join(folder, 'a.mmar'), withRuns: true });
    expect(packed.logsLeft).toBe(2);
    await unpackMmar({ file: packed.file, folder: join(folder, 'back') });
    const read = (path: string): unknown =>
      JSON.parse(readFileSync(join(folder, 'back/automl/r', path), 'utf8'));
    expect(read('W1_1_J1/config/environment.json')).toEqual({
      DATA_ROOT: 'data',
      DATASET_JSON: 'data/dataset.json',
    });
    expect(read('searched/config/environment.json')).toEqual({ DATA_ROOT: 'resources/data' });
    expect(read('searched/searched.json')).toEqual({
      outerloop_searched: 1,
      data_list: { file: 'data/dataset.json', sha256: '00' },
    });
    expect(existsSync(join(folder, 'back/automl/r/trace.log'))).toBe(false);
    expect(existsSync(join(folder, 'back/automl/r/W1_1_J1/log.txt'))).toBe(false);
  });

  it('cannot be made with what looks as if it identified a person, unless that is accepted', async () => {
    const { root, folder } = makeArchivedMmar({
      'resources/notes.txt': 'first line\nPatient name: Somebody\n',
      'resources/dataset.json': JSON.stringify({
        training: [{ image: 'scan_19990131.nii.gz', PatientID: '1' }],
      }),
    });
    const file = join(folder, 'a.mmar');
    const faults = await faultsOf(packMmar({ mmarRoot: root, file }));
    expect(faults.map(({ code, file: name, path, line }) => [code, name, path ?? line])).toEqual([
      ['identifying', 'resources/dataset.json', ['training', 0, 'image']],
      ['identifying', 'resources/dataset.json', ['training', 0, 'PatientID']],
      ['identifying', 'resources/notes.txt', 2],
    ]);
    expect(JSON.stringify(faults)).not.toMatch(/Somebody|19990131/);
    expect(existsSync(file)).toBe(false);
    await packMmar({ mmarRoot: root, file, acceptFindings: true });
    const back = await unpackMmar({ file, folder: join(folder, 'back') });
    expect(back.manifest?.accepted_findings).toBe(3);
  });

  it('says which files nobody has looked into', async () => {
    const { root } = makeArchivedMmar({
      'models/model.pt': Buffer.from([1, 0, 2]),
      'docs/shot.png': Buffer.from([0]),
    });
    expect((await planPack(root)).unchecked).toEqual(['docs/shot.png', 'models/model.pt']);
  });

  it('refuses links, and names that some system cannot write', async () => {
    const { root, folder } = makeArchivedMmar({ 'docs/con.txt': 'x', 'docs/A.txt': '1', 'docs/a.txt': '2' });
    const file = join(folder, 'a.mmar');
    expect((await faultsOf(packMmar({ mmarRoot: root, file }))).map(({ message }) => message)).toEqual([
      'The archive has a second entry for "docs/a.txt", or one that differs in upper and lower case alone.',
      'The archive\'s entry "docs/con.txt" has the name of a device of Windows.',
    ]);
    symlinkSync('/etc/passwd', join(root, 'docs/link'));
    expect(await faultsOf(packMmar({ mmarRoot: root, file }))).toMatchObject([
      { code: 'archive', file: 'docs/link' },
    ]);
    expect(existsSync(file)).toBe(false);
  });

  it('leaves what was there when the disk refuses', async () => {
    const { root, folder } = makeArchivedMmar();
    expect(await faultsOf(packMmar({ mmarRoot: root, file: join(folder, 'none/a.mmar') }))).toMatchObject([
      { code: 'file-missing', file: 'a.mmar' },
    ]);
    expect(readdirSync(folder)).toEqual(['mmar']);
  });

  it('can be made with its runs, or without its models', async () => {
    const { root } = makeArchivedMmar({ 'automl/first/journal.jsonl': '{}', 'models/model.pt': 'x' });
    const paths = async (choice: object): Promise<string[]> =>
      (await planPack(root, choice)).files.map(({ path }) => path.split('/')[0]!);
    expect(await paths({ withRuns: true })).toContain('automl');
    expect(await paths({ withModels: false })).not.toContain('models');
  });
});

describe('the versions of an MMAR', () => {
  const at = '2020-01-02T03:04:05.000Z';

  it('count up when the content has changed, and only then', async () => {
    const { root, folder } = makeArchivedMmar();
    expect(await readVersions(root)).toEqual([]);
    expect(await stampVersion(root, { at, note: 'first' })).toMatchObject({ version: 1, note: 'first', at });
    expect(await stampVersion(root, { at: '2021-01-02T03:04:05.000Z' })).toMatchObject({ version: 1, at });
    writeFileSync(join(root, 'config/config_train.json'), '{"epochs": 9}');
    expect((await planPack(root)).version).toBeUndefined();
    expect(await stampVersion(root, { at })).toMatchObject({ version: 2 });
    const packed = await packMmar({ mmarRoot: root, file: join(folder, 'a.mmar') });
    expect(packed.version).toBe(2);
    const back = await unpackMmar({ file: packed.file, folder: join(folder, 'back') });
    expect(back.manifest?.version).toBe(2);
    expect((await readVersions(back.folder)).map(({ version }) => version)).toEqual([1, 2]);
  });

  it('are a fault when their file is broken', async () => {
    const { root } = makeArchivedMmar({ 'versions.json': '{"versions": 3}' });
    expect(await faultsOf(readVersions(root))).toMatchObject([{ code: 'schema', file: 'versions.json' }]);
  });
});

describe('unpacking', () => {
  it('makes nothing executable', async () => {
    const { root, folder } = makeArchivedMmar();
    chmodSync(join(root, 'commands/train.sh'), 0o755);
    const { file } = await packMmar({ mmarRoot: root, file: join(folder, 'a.mmar') });
    await unpackMmar({ file, folder: join(folder, 'back') });
    expect(statSync(join(folder, 'back/commands/train.sh')).mode & 0o111).toBe(0);
  });

  it('refuses a folder that holds something, and takes an empty one', async () => {
    const { root, folder } = makeArchivedMmar();
    const { file } = await packMmar({ mmarRoot: root, file: join(folder, 'a.mmar') });
    expect(await faultsOf(unpackMmar({ file, folder: root }))).toMatchObject([{ code: 'already-exists' }]);
    mkdirSync(join(folder, 'empty'));
    await unpackMmar({ file, folder: join(folder, 'empty') });
    expect(existsSync(join(folder, 'empty/config/config_train.json'))).toBe(true);
  });
});
