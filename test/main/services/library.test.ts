import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { libraryApi } from '../../../common/api/library.ts';
import { openLibrary, type OpenLibrary } from '../../../main/library/open-library.ts';
import { processTable } from '../../../main/node/process-table.ts';
import type { Desktop } from '../../../main/ports/desktop.ts';
import { createLibraryService } from '../../../main/services/library.ts';
import { codesOf, openShelf, type TestShelf } from '../library/fixtures.ts';

let shelf: TestShelf;
let opened: OpenLibrary;
let target: string | undefined;
let revealed: string[];
beforeEach(() => {
  shelf = openShelf();
  target = undefined;
  revealed = [];
});
afterEach(async () => {
  await opened.close();
  shelf.remove();
});

const call = { signal: new AbortController().signal };

function openService(hasDialogs = false): ReturnType<typeof createLibraryService> {
  const desktop = {
    abilities: { dialogs: hasDialogs, reveal: true, trash: false, notifications: false },
    chooseTarget: async () => target,
    reveal: async (path: string) => void revealed.push(path),
  } as unknown as Desktop;
  const { known, clock, dataFolder, root } = shelf;
  opened = openLibrary({ dataFolder, known, desktop, clock, processes: processTable });
  return createLibraryService({ ...opened, known, desktop, clock, mmarFolder: () => join(root, 'mmars') });
}

async function addMmar(service: ReturnType<typeof openService>, name: string): Promise<{ mmar: string }> {
  return service.add({ folder: await shelf.makeMmar(name) }, call);
}
type Known = Parameters<ReturnType<typeof openService>['get']>[0];

describe('making', () => {
  it('makes an MMAR from a template, in the default folder or another', async () => {
    const service = openService();
    const [template] = await service.templates({}, call);
    const made = { name: 'liver', template: template!.name, source: { kind: 'none' } } as const;
    const here = (await service.create(made, call)) as Known;
    const there = (await service.create({ ...made, folder: shelf.makeFolder('other') }, call)) as Known;
    expect(await service.get(here, call)).toMatchObject({ name: 'liver', state: 'ready' });
    expect(shelf.known.folderOf(there.mmar)).toBe(join(shelf.root, 'other/liver'));
    expect(await codesOf(service.create(made, call))).toEqual(['already-exists']);
    expect((await service.list({}, call)).mmars).toHaveLength(2);
  });

  it('takes only names that every system accepts', () => {
    const { input } = libraryApi.rename;
    const mmar = 'abcdef0123456789';
    for (const name of ['a/b', '..', '.hidden', 'a:b', '', 'x\\y', 'end.', `${'x'.repeat(101)}`])
      expect(input.safeParse({ mmar, name }).success).toBe(false);
    expect(input.parse({ mmar, name: '  Leber 2 (CT) ' }).name).toBe('Leber 2 (CT)');
  });

  it('duplicates with and without runs, and shows the folder', async () => {
    const service = openService();
    const { mmar } = (await addMmar(service, 'liver')) as Known;
    const run = join(shelf.known.folderOf(mmar), 'automl/first');
    mkdirSync(run, { recursive: true });
    writeFileSync(join(run, 'leaderboard.csv'), 'rank');
    const plain = (await service.duplicate({ mmar, name: 'plain', withRuns: false }, call)) as Known;
    const whole = (await service.duplicate({ mmar, name: 'whole', withRuns: true }, call)) as Known;
    expect(existsSync(join(shelf.known.folderOf(plain.mmar), 'automl'))).toBe(false);
    expect(existsSync(join(shelf.known.folderOf(whole.mmar), 'automl/first/leaderboard.csv'))).toBe(true);
    await service.reveal({ mmar }, call);
    expect(revealed).toEqual([shelf.known.folderOf(mmar)]);
  });

  it('removes and restores', async () => {
    const service = openService();
    const { mmar } = (await addMmar(service, 'liver')) as Known;
    const { removal, trash } = await service.remove({ mmar }, call);
    expect(trash).toBe('kept');
    expect((await service.list({}, call)).mmars).toEqual([]);
    expect(await service.restore({ removal }, call)).toEqual({ mmar });
  });
});

describe('packing', () => {
  const choice = { withRuns: false, withModels: true, acceptFindings: false };

  it('packs for a download and unpacks what was uploaded', async () => {
    const service = openService();
    const { mmar } = (await addMmar(service, 'liver')) as Known;
    const plan = await service.planPack({ mmar, withRuns: false, withModels: true }, call);
    expect(plan).toMatchObject({ findings: [], leavesDataPaths: false });
    expect(plan.files).toBeGreaterThan(3);
    const packed = await service.pack({ mmar, ...choice }, call);
    if (packed.outcome !== 'download') throw new Error(packed.outcome);
    const source = await opened.packed.find(packed.address.split('/').at(-1)!);
    const { file } = await opened.packed.makePlace('liver.mmar');
    copyFileSync(source, file);
    const upload = file.split('/').at(-2)!;
    const again = (await service.unpack({ source: { upload } }, call)) as Known;
    expect(await service.get(again, call)).toMatchObject({ name: 'liver-2', state: 'ready' });
    expect(await codesOf(service.unpack({ source: { upload } }, call))).toEqual(['file-missing']);
  });

  it('packs where the dialog says, or not at all', async () => {
    const service = openService(true);
    const { mmar } = (await addMmar(service, 'liver')) as Known;
    expect(await service.pack({ mmar, ...choice }, call)).toEqual({ outcome: 'cancelled' });
    target = join(shelf.root, 'given.mmar');
    expect(await service.pack({ mmar, ...choice }, call)).toMatchObject({ outcome: 'saved' });
    const again = (await service.unpack({ source: { file: target }, name: 'given' }, call)) as Known;
    expect((await service.get(again, call)).name).toBe('given');
  });

  it('packs what looks as if it identified somebody only when that was accepted', async () => {
    const service = openService();
    const { mmar } = (await addMmar(service, 'liver')) as Known;
    writeFileSync(join(shelf.known.folderOf(mmar), 'docs/notes.md'), 'PatientName: DOE^JOHN\n');
    const plan = await service.planPack({ mmar, withRuns: false, withModels: true }, call);
    expect(plan.findings.map(({ code }) => code)).toContain('identifying');
    expect(JSON.stringify(plan)).not.toContain('DOE');
    expect(await codesOf(service.pack({ mmar, ...choice }, call))).toContain('identifying');
    const packed = await service.pack({ mmar, ...choice, acceptFindings: true }, call);
    expect(packed.outcome).toBe('download');
  });

  it('unpacks nothing from a file that is no archive', async () => {
    const service = openService();
    const file = join(shelf.makeFolder('files'), 'no.mmar');
    writeFileSync(file, 'nothing packed');
    expect(await codesOf(service.unpack({ source: { file } }, call))).toEqual(['archive']);
    expect((await service.list({}, call)).mmars.filter(({ name }) => name === 'no')).toEqual([]);
  });
});

describe('trust', () => {
  it('holds for the code that was shown, and no other', async () => {
    const service = openService();
    const { mmar } = (await addMmar(service, 'liver')) as Known;
    const code = join(shelf.known.folderOf(mmar), 'custom/loss.ts');
    expect((await service.get({ mmar }, call)).trust).toBe('needless');
    writeFileSync(code, 'export class Loss {}');
    const shown = await service.trust({ mmar }, call);
    expect(shown).toMatchObject({ state: 'untrusted', isRevoked: false });
    expect(shown.files.map(({ path }) => path)).toContain('custom/loss.ts');
    writeFileSync(code, 'export class Loss { evil() {} }');
    const decision = { mmar, digest: shown.digest, isTrusted: true };
    expect(await codesOf(service.decideTrust(decision, call))).toEqual(['file-changed']);
    const { digest } = await service.trust({ mmar }, call);
    await service.decideTrust({ mmar, digest, isTrusted: true, note: 'read it' }, call);
    expect((await service.get({ mmar }, call)).trust).toBe('trusted');
    expect((await service.trust({ mmar }, call)).decision).toMatchObject({ note: 'read it' });
  });

  it('says what has changed since, and can be taken back', async () => {
    const service = openService();
    const { mmar } = (await addMmar(service, 'liver')) as Known;
    const code = join(shelf.known.folderOf(mmar), 'custom/loss.ts');
    writeFileSync(code, 'export class Loss {}');
    const first = await service.trust({ mmar }, call);
    await service.decideTrust({ mmar, digest: first.digest, isTrusted: true }, call);
    writeFileSync(code, 'export class Other {}');
    writeFileSync(join(code, '../added.ts'), '');
    const changed = await service.trust({ mmar }, call);
    expect(changed.state).toBe('changed');
    expect(changed.files.filter(({ change }) => change !== 'same')).toMatchObject([
      { path: 'custom/added.ts', change: 'added' },
      { path: 'custom/loss.ts', change: 'changed' },
    ]);
    await service.decideTrust({ mmar, digest: changed.digest, isTrusted: false }, call);
    expect(await service.trust({ mmar }, call)).toMatchObject({ state: 'untrusted', isRevoked: true });
    expect(readFileSync(join(shelf.dataFolder, 'trust.jsonl'), 'utf8').trim().split('\n')).toHaveLength(2);
  });
});
