import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkpointLoaderSpec, checkpointSaverSpec } from '../../../common/components/handlers.ts';
import type { Saveable } from '../../../trainer/checkpoint/saveable.ts';
import { readTorchFile, writeTorchFile } from '../../../trainer/checkpoint/torch-file.ts';
import type { TorchValue } from '../../../trainer/checkpoint/torch-value.ts';
import { TrainingDiverged } from '../../../trainer/engines/training-end.ts';
import { MmarFiles } from '../../../trainer/files/mmar-files.ts';
import { createCheckpointLoader } from '../../../trainer/handlers/checkpoint-loader.ts';
import { CheckpointSaver } from '../../../trainer/handlers/checkpoint-saver.ts';
import { FakeEngine } from './fake-engine.ts';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'checkpoints-'))));
afterEach(() => rmSync(root, { recursive: true }));

/** What is saved: the number of the moment. */
let moment = 0;
const counter: Saveable = { save: () => moment };

function saver(args: Readonly<Record<string, unknown>>, engine: FakeEngine): CheckpointSaver {
  const parsed = checkpointSaverSpec.args.parse({ save_dir: 'models', save_dict: ['model'], ...args });
  const made = new CheckpointSaver(parsed, { files: new MmarFiles(root), saveables: { model: counter } });
  made.attach(engine);
  return made;
}

async function validate(engine: FakeEngine, epoch: number, value: number | null): Promise<void> {
  moment = epoch;
  await engine.fire('EPOCH_COMPLETED', {
    epoch,
    metrics: [{ label: 'dice', isKey: true, value, firstClass: 0 }],
  });
}

const saved = (): string[] => readdirSync(join(root, 'models')).sort();
const momentOf = (name: string) =>
  (readTorchFile(readFileSync(join(root, 'models', name))) as Map<string, TorchValue>).get('model');

describe('CheckpointSaver', () => {
  it('keeps the first of equal bests, and passes over what is undefined', async () => {
    const engine = new FakeEngine('evaluator');
    saver({ save_key_metric: true }, engine);
    for (const [index, value] of [0.5, 0.4, 0.7, 0.7, null].entries())
      await validate(engine, index + 1, value);
    expect([saved(), momentOf('model.pt')]).toEqual([['model.pt'], 3]);
  });

  it('replaces an equal best where it is told to, and can look for the smallest', async () => {
    const equal = new FakeEngine();
    saver(
      { save_key_metric: true, key_metric_greater_or_equal: true, key_metric_filename: 'equal.pt' },
      equal,
    );
    const smallest = new FakeEngine();
    saver(
      {
        save_key_metric: true,
        key_metric_negative_sign: true,
        key_metric_name: 'dice',
        key_metric_filename: 'small.pt',
      },
      smallest,
    );
    for (const [index, value] of [0.5, 0.5, 0.2].entries()) {
      await validate(equal, index + 1, value);
      await validate(smallest, index + 1, value);
    }
    expect([momentOf('equal.pt'), momentOf('small.pt')]).toEqual([2, 3]);
  });

  it('keeps the best n with their scores, and the best of all as model.pt', async () => {
    const engine = new FakeEngine();
    saver({ save_key_metric: true, key_metric_n_saved: 2, file_prefix: 'a' }, engine);
    for (const [index, value] of [0.1, 0.3, 0.2, 0.05].entries()) await validate(engine, index + 1, value);
    expect(saved()).toEqual([
      'a_checkpoint_key_metric=0.2000.pt',
      'a_checkpoint_key_metric=0.3000.pt',
      'model.pt',
    ]);
    expect([momentOf('model.pt'), momentOf('a_checkpoint_key_metric=0.2000.pt')]).toEqual([2, 3]);
  });

  it('goes on with what it knew before an interruption', async () => {
    const engine = new FakeEngine();
    const first = saver({ save_key_metric: true }, engine);
    await validate(engine, 1, 0.9);
    const progress = JSON.parse(JSON.stringify(first.saveProgress())) as unknown;
    const later = new FakeEngine();
    saver({ save_key_metric: true }, later).restoreProgress(progress);
    await validate(later, 2, 0.8);
    expect(momentOf('model.pt')).toBe(1);
  });

  it('saves every few epochs or steps, and keeps the last n', async () => {
    const engine = new FakeEngine();
    saver({ save_interval: 2, n_saved: 2 }, engine);
    saver({ save_interval: 5, epoch_level: false }, engine);
    for (let epoch = 1; epoch <= 7; epoch++) await validate(engine, epoch, 0);
    for (let iteration = 1; iteration <= 6; iteration++)
      await engine.fire('ITERATION_COMPLETED', { iteration });
    expect(saved()).toEqual(['checkpoint_epoch=4.pt', 'checkpoint_epoch=6.pt', 'checkpoint_iteration=5.pt']);
  });

  it('saves at the end and on a fault, but not when the training diverged', async () => {
    const engine = new FakeEngine();
    saver({ save_final: true }, engine);
    moment = 1;
    await engine.fire('EXCEPTION_RAISED', { exception: new TrainingDiverged(NaN, 1, 1) });
    expect(readdirSync(root)).toEqual([]);
    await engine.fire('EXCEPTION_RAISED', { exception: new Error('disk') });
    expect(momentOf('final_model.pt')).toBe(1);
    moment = 2;
    await engine.fire('COMPLETED');
    expect(momentOf('final_model.pt')).toBe(2);
  });

  it.each([
    [{ save_key_metric: true, key_metric_n_saved: 2, key_metric_filename: 'x.pt' }, 'key_metric_filename'],
    [{ save_key_metric: true, key_metric_name: 'dise' }, 'key_metric_name'],
  ])('refuses %j', async (args, argument) => {
    const work = async () => {
      const engine = new FakeEngine();
      saver(args, engine);
      await validate(engine, 1, 1);
    };
    await expect(work()).rejects.toMatchObject({ faults: [{ component: 'CheckpointSaver', argument }] });
  });
});

describe('CheckpointLoader', () => {
  const loaded: TorchValue[] = [];
  const receiver: Saveable = {
    save: () => null,
    load: (value) => {
      loaded.push(value);
      return 'one weight kept';
    },
  };
  beforeEach(() => loaded.splice(0));
  const write = (value: TorchValue) => writeFileSync(join(root, 'a.pt'), writeTorchFile(value));
  async function load(keys: readonly string[], iteration = 0): Promise<string[]> {
    const engine = new FakeEngine();
    const args = checkpointLoaderSpec.args.parse({ load_path: 'a.pt', load_dict: ['model'] });
    createCheckpointLoader(args, {
      files: new MmarFiles(root),
      saveables: Object.fromEntries(keys.map((key) => [key, receiver])),
    }).attach(engine);
    await engine.fire('STARTED', { iteration });
    return engine.lines;
  }

  it('loads each key at the start, and says what was left', async () => {
    write({ model: 1, optimizer: 2 });
    expect(await load(['model', 'optimizer'])).toEqual([
      'warning: a.pt: one weight kept',
      'warning: a.pt: one weight kept',
      'Restored model, optimizer from a.pt',
    ]);
    expect(loaded).toEqual([1, 2]);
  });

  it('accepts a bare state dict for a model alone', async () => {
    const bare = new Map([['weight', 1]]);
    write(bare);
    await load(['model']);
    expect(loaded).toEqual([bare]);
    await expect(load(['model', 'optimizer'])).rejects.toMatchObject({
      faults: [{ code: 'checkpoint', file: 'a.pt', allowed: 'weight' }],
    });
  });

  it('leaves a resumed training alone', async () => {
    expect(await load(['model'], 10)).toEqual([]);
  });

  it('names a file that is missing, damaged or no checkpoint', async () => {
    await expect(load(['model'])).rejects.toMatchObject({ faults: [{ code: 'file-missing', file: 'a.pt' }] });
    writeFileSync(join(root, 'a.pt'), 'PK no zip');
    await expect(load(['model'])).rejects.toMatchObject({ faults: [{ code: 'checkpoint', file: 'a.pt' }] });
    write([1]);
    await expect(load(['model'])).rejects.toMatchObject({
      faults: [{ code: 'checkpoint', message: expect.stringContaining('holds no dict') }],
    });
  });
});
