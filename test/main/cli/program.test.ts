import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runProgram } from '../../../main/cli/program.ts';
import { makePhantoms } from '../../make-phantoms.ts';
import { captureOutput, type CapturedOutput } from './capture-output.ts';

let folder: string;
let mmar: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outerloop-cli-'));
  mmar = join(folder, 'mmar');
  await makePhantoms(folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<CapturedOutput & { readonly exitCode: number }> {
  const output = captureOutput();
  const exitCode = await runProgram(args, output);
  return Object.assign(output, { exitCode });
}

const makeMmar = () =>
  run(
    'mmar',
    'new',
    'segmentation-unet-3d',
    mmar,
    '--data-root',
    join(folder, 'data'),
    '--datalist',
    'dataset.json',
  );

function edit(file: string, change: (json: Record<string, never>) => void): void {
  const path = join(mmar, file);
  const json = JSON.parse(readFileSync(path, 'utf8')) as Record<string, never>;
  change(json);
  writeFileSync(path, JSON.stringify(json));
}

describe('outerloop mmar', () => {
  it('makes an MMAR from a data list that is named in the data root, and finds nothing wrong with it', async () => {
    const made = await makeMmar();
    expect(made.exitCode).toBe(0);
    expect(made.lines).toContain('Data:       training 2 cases, validation 1 case, test 1 case');
    expect(made.lines).toContain('Classes:    3 with the background');
    const checked = await run('mmar', 'check', mmar, '--set', 'workers=0:0');
    expect(checked.notes).toEqual([]);
    expect(checked.lines).toEqual(['Nothing is wrong.']);
    expect(checked.exitCode).toBe(0);
  });

  it('makes a data list of folders, and splits it anew by patients', async () => {
    const data = join(folder, 'data');
    const list = join(folder, 'own.json');
    const made = await run('mmar', 'datalist', data, '--output', list, '--patients', 'sub-\\d+');
    expect(made.exitCode).not.toBe(0);
    expect(made.notes.join()).toContain('do not match');
    const all = await run('mmar', 'datalist', data, '--output', list, '--validation', '0.3');
    expect(all.exitCode).toBe(0);
    const split = await run('mmar', 'datalist', list, '--patients', '\\d+', '--seed', '4', '--replace');
    expect(split.lines.join('\n')).toMatch(
      /Split .*own[.]json\n.*training .*\nPatients: {3}\d+, each in one part/,
    );
    const both = await run('mmar', 'datalist', list, '--patients', 'x', '--patient-field', 'y');
    expect(both.notes.join()).toContain('not by both');
    const folderOnly = await run('mmar', 'datalist', list, '--images', 'x');
    expect(folderOnly.notes.join()).toContain('--images does not go with this source');
    const listOnly = await run('mmar', 'datalist', data, '--patient-field', 'x');
    expect(listOnly.notes.join()).toContain('--patient-field does not go with this source');
  });

  it('lists every fault with file, JSON path, component and what is allowed', async () => {
    await makeMmar();
    edit('config/config_train.json', (config) => {
      const { train } = config as unknown as {
        train: Record<string, { name: string; args: Record<string, unknown> }>;
      };
      train.model!.args.chanels = [8, 16];
      train.optimizer!.name = 'Adem';
    });
    const checked = await run('mmar', 'check', mmar);
    expect(checked.exitCode).toBe(1);
    const text = checked.notes.join('\n');
    expect(text).toMatch(/config\/config_train\.json: train\.model.*UNet.*chanels/);
    expect(text).toMatch(/config\/config_train\.json: train\.optimizer.*Adem.*Adam/s);
    expect(text).not.toContain(folder);
    const json = await run('mmar', 'check', mmar, '--json');
    const { faults } = JSON.parse(json.lines.join('\n')) as { faults: { code: string }[] };
    expect(faults.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['unknown-argument', 'unknown-component']),
    );
  });

  it('names folders outside of it that a training would write into, until that is allowed', async () => {
    vi.stubEnv('OUTERLOOP_DATA', join(folder, 'user'));
    await makeMmar();
    rmSync(join(mmar, 'config/config_automl.json'));
    const disk = join(folder, 'data');
    edit('config/environment.json', (environment) => Object.assign(environment, { MMAR_CKPT_DIR: disk }));
    const refused = await run('mmar', 'check', mmar);
    expect(refused.exitCode).toBe(1);
    expect(refused.notes.join()).toMatch(
      /CheckpointSaver\.save_dir: The config would write outside the MMAR/,
    );
    const asked = await run('mmar', 'check', mmar, '--set', `MMAR_CKPT_DIR=${disk}`);
    expect([asked.notes, asked.exitCode]).toEqual([[], 0]);
    await run('mmar', 'write-to', mmar, disk);
    expect((await run('mmar', 'check', mmar)).exitCode).toBe(0);
  });

  it('lists the templates', async () => {
    const { lines } = await run('mmar', 'templates');
    expect(lines[0]).toMatch(/^segmentation-unet-3d: /);
  });
});

describe('outerloop search-space', () => {
  it('shows a table, or JSON that outerloop controller takes', async () => {
    await makeMmar();
    const shown = await run('search-space', '-m', mmar);
    expect(shown.lines.at(-1)).toBe('2 enum points, 2 floats');
    expect(shown.lines.join('\n')).toContain('lr.float.$0:learning_rate');
    const json = await run('search-space', '-m', mmar, '--json');
    expect(JSON.parse(json.lines.join('\n'))).toMatchObject({
      outerloop_search_space: 1,
      parameters: [
        { prl: 'lr.float.$0:learning_rate', min: 0.0002, max: 0.01, log: true, current: 0.001 },
        {},
        {},
      ],
    });
  });

  it('reads the current values of arguments that are variables', async () => {
    await makeMmar();
    edit('config/environment.json', (environment) => Object.assign(environment, { SMOOTH: 0.25 }));
    edit('config/config_train.json', (config) => {
      const { train, search } = config as unknown as { train: { loss: unknown }; search: unknown[] };
      train.loss = {
        name: 'DiceLoss',
        args: { smooth_dr: '{SMOOTH}' },
        search: [{ type: 'float', args: ['smooth_dr'], targets: [0, 1], domain: 'net' }],
      };
      search.splice(0);
    });
    const { lines, notes } = await run('search-space', '-m', mmar, '--json');
    expect(notes).toEqual([]);
    const { parameters } = JSON.parse(lines.join('\n')) as { parameters: { args: string[] }[] };
    expect(parameters.find(({ args }) => args.includes('smooth_dr'))).toMatchObject({ current: 0.25 });
  });

  it('refuses extensions under --strict, and a config that is missing or broken', async () => {
    await makeMmar();
    const strict = await run('search-space', '-m', mmar, '--strict');
    expect(strict.exitCode).toBe(1);
    expect(strict.notes[0]).toContain('search[0]');
    expect((await run('search-space', '-m', mmar, '-c', 'config/none.json')).notes[0]).toContain(
      'config/none.json',
    );
    writeFileSync(join(mmar, 'config/config_train.json'), '{"train": {');
    const broken = await run('search-space', '-m', mmar);
    expect(broken.notes[0]).toMatch(/config\/config_train\.json.*line 1/);
    expect(broken.exitCode).toBe(1);
  });
});

describe('outerloop', () => {
  it.each([
    [['mmar', 'new', 'unet', 'x'], 'segmentation-unet-3d'],
    [['automl', '-m', 'nowhere', '--seed', 'seven'], '--seed seven'],
    [['demo', '--seed', 'seven'], '--seed seven'],
    [['controller', 'RandomController', '--search-space', 'none.json'], 'none.json: It does not exist.'],
    [['controller', 'Reinforcement', '--search-space', 'none.json'], 'ReinforcementController'],
    [['controller', 'RandomController', '--search-space', 'none.json', '--args', '[]'], '--args'],
    [['search'], "unknown command 'search'"],
    [['automl'], "required option '-m, --mmar <folder>'"],
  ])('refuses %o and says what would be right', async (args, text) => {
    const refused = await run(...args);
    expect(refused.exitCode).toBeGreaterThan(0);
    expect(refused.notes.join('\n')).toContain(text);
    expect(refused.lines).toEqual([]);
  });

  it('has help and a version', async () => {
    const { version } = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'),
    ) as { version: string };
    expect((await run('--version')).lines).toEqual([version]);
    expect((await run('automl', '--help')).lines.join('\n')).toContain('--resume');
  });
});
