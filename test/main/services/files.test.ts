import { mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mmarId } from '../../../common/api/ids.ts';
import { FaultError } from '../../../common/fault.ts';
import { createFilesService } from '../../../main/services/files.ts';
import { systemClock } from '../../../main/node/system-clock.ts';
import { scratchMmar } from '../mmar-files/scratch-mmar.ts';

const mmar = mmarId.parse('mmar0001');
const call = { signal: new AbortController().signal };

async function openService(files: Readonly<Record<string, string>>, hasTrash = false) {
  const root = await scratchMmar(files);
  const home = await scratchMmar();
  const trashed: string[] = [];
  const service = createFilesService({
    folderOf: (asked) => {
      if (asked !== mmar) throw new FaultError({ code: 'file-missing', message: 'no such MMAR' });
      return root;
    },
    draftsFolder: join(home, 'drafts'),
    desktop: {
      abilities: { dialogs: false, reveal: false, trash: hasTrash, notifications: false },
      trash: async (path) => {
        if (!hasTrash) throw new FaultError({ code: 'usage', message: 'There is no trash.' });
        trashed.push(path);
      },
    },
    clock: { ...systemClock, now: () => Date.parse('2026-01-02T03:04:05Z') },
  });
  return { root, home, service, trashed };
}

const at = (path: string) => ({ mmar, path });

describe('files of an MMAR', () => {
  it('are listed folders first, by name, and never through links that lead out', async () => {
    const { root, service } = await openService({
      'config/x10.json': '',
      'config/x9.json': '1',
      'config/.hidden': '',
    });
    await mkdir(join(root, 'config/sub'));
    await symlink('/etc', join(root, 'config/etc'));
    const { entries, leftOut } = await service.list({ mmar, folder: 'config' }, call);
    expect(entries.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'folder config/sub',
      'other config/etc',
      'file config/x9.json',
      'file config/x10.json',
    ]);
    expect(entries[2]!.sizeBytes).toBe(1);
    expect(leftOut).toBe(0);
    await expect(service.list({ mmar, folder: 'config/etc' }, call)).rejects.toThrow('leads out');
  });

  it('of an MMAR that is not known are refused', async () => {
    const { service } = await openService({});
    await expect(service.list({ mmar: mmarId.parse('mmar0002'), folder: '' }, call)).rejects.toThrow(
      'no such MMAR',
    );
  });

  it('are trashed, and deleted only where there is no trash and the user agrees', async () => {
    const without = await openService({ 'a.txt': '' });
    await expect(without.service.remove({ ...at('a.txt'), isFinal: false }, call)).rejects.toThrow(
      'no trash',
    );
    await without.service.remove({ ...at('a.txt'), isFinal: true }, call);
    expect(await readdir(without.root)).toEqual([]);
    const having = await openService({ 'a.txt': '' }, true);
    await having.service.remove({ ...at('a.txt'), isFinal: true }, call);
    expect(having.trashed).toHaveLength(1);
    expect(await readdir(having.root)).toEqual(['a.txt']);
  });
});

describe('drafts', () => {
  it('are kept for the user alone, the last one of each path, until they are dropped', async () => {
    const { home, service, root } = await openService({});
    await service.keepDraft({ ...at('config/a.json'), text: '1', basedOn: null }, call);
    await service.keepDraft({ ...at('config/a.json'), text: '2', basedOn: 'd' }, call);
    await service.keepDraft({ ...at('b.json'), text: '3', basedOn: null }, call);
    const drafts = await service.drafts({ mmar }, call);
    expect(drafts.map(({ path, text, basedOn }) => [path, text, basedOn]).sort()).toEqual([
      ['b.json', '3', null],
      ['config/a.json', '2', 'd'],
    ]);
    expect(drafts[0]!.keptAt).toBe('2026-01-02T03:04:05.000Z');
    const [folder] = await readdir(join(home, 'drafts'));
    const [file] = await readdir(join(home, 'drafts', folder!));
    expect((await stat(join(home, 'drafts', folder!, file!))).mode & 0o077).toBe(0);
    expect(await readdir(root)).toEqual([]);

    await service.dropDraft(at('config/a.json'), call);
    await service.dropDraft(at('config/a.json'), call);
    expect((await service.drafts({ mmar }, call)).map(({ path }) => path)).toEqual(['b.json']);
    expect(await service.drafts({ mmar: mmarId.parse('mmar0002') }, call)).toEqual([]);
  });

  it('that are damaged are passed over', async () => {
    const { home, service } = await openService({});
    await service.keepDraft({ ...at('a'), text: '1', basedOn: null }, call);
    const [folder] = await readdir(join(home, 'drafts'));
    await writeFile(join(home, 'drafts', folder!, `${'0'.repeat(32)}.json`), '{"path"');
    expect(await service.drafts({ mmar }, call)).toHaveLength(1);
  });
});

describe('baselines', () => {
  const train = 'config/config_train.json';

  it('are what the latest run searched, its jobs and the templates', async () => {
    const { root, service } = await openService({
      [train]: '{}',
      'automl/old/journal.jsonl': '',
      'automl/old/W1_1_J1/config/config_train.json': '"old"',
      'automl/new/journal.jsonl': '',
      'automl/new/searched/config/config_train.json': '"searched"',
      'automl/new/W1_1_J1/config/config_train.json': '"one"',
      'automl/new/W2_1_J2/config/config_train.json': '"two"',
      'automl/new/best/config/config_train.json': '"best"',
      'automl/new/best/best_job.json': '{"job": "W2_1_J2", "score": 0.5}',
    });
    await utimes(join(root, 'automl/old/journal.jsonl'), 1, 1);
    const found = await service.baselines(at(train), call);
    expect(found.filter(({ kind }) => kind === 'job').map(({ title }) => title)).toEqual([
      'Best job of new (W2_1_J2)',
      'W2_1_J2 of new',
      'W1_1_J1 of new',
    ]);
    const template = found.find(({ id }) => id === 'template/segmentation-unet-3d')!;
    const text = await readFile(join('mmar-templates/segmentation-unet-3d', train), 'utf8');
    expect(await service.readBaseline({ ...at(train), id: template.id }, call)).toEqual({ text });
    expect(found[0]).toEqual({ id: 'run/new', title: 'What new searched', kind: 'run' });
    expect(await service.readBaseline({ ...at(train), id: found[0]!.id }, call)).toEqual({
      text: '"searched"',
    });
    expect(await service.readBaseline({ ...at(train), id: found[1]!.id }, call)).toEqual({ text: '"best"' });
  });

  it('are only what has the file', async () => {
    const { service } = await openService({});
    expect(await service.baselines(at('docs/none.md'), call)).toEqual([]);
  });

  it.each([
    'job/../best',
    'run/..',
    'run/new',
    'run/../new',
    'job/new/../../x',
    'template/none',
    'job/new/notes',
    'x',
  ])('cannot be asked by %j', async (id) => {
    const { service } = await openService({
      [train]: '{}',
      'automl/new/notes/config/config_train.json': '',
    });
    await expect(service.readBaseline({ ...at(train), id }, call)).rejects.toThrow(FaultError);
  });
});
