import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockModels } from '../../../main/cli/lock-models.ts';
import { processTable } from '../../../main/node/process-table.ts';
import { runProgram } from '../../../main/cli/program.ts';
import { makePhantoms } from '../../make-phantoms.ts';
import { captureOutput } from './capture-output.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outerloop-lock-'));
  mkdirSync(join(root, 'config'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('the folder for models', () => {
  it('is locked while a training writes to it', async () => {
    const lock = await lockModels(['-m', root]);
    expect(existsSync(join(root, 'models/train.lock'))).toBe(true);
    await expect(lockModels(['-m', root, '--set', 'epochs=3'])).rejects.toMatchObject({
      faults: [
        {
          code: 'run-locked',
          file: 'models/train.lock',
          message: `The folder models is being worked on by process ${process.pid}, which is running.`,
        },
      ],
    });
    await lock!.release();
    await (await lockModels(['-m', root]))!.release();
    expect(existsSync(join(root, 'models/train.lock'))).toBe(false);
  });

  it('is the one of environment and settings', async () => {
    writeFileSync(join(root, 'config/environment.json'), '{"MMAR_CKPT_DIR": "weights"}');
    const locks = [
      await lockModels(['-m', root]),
      await lockModels(['-m', root, '--set', 'MMAR_CKPT_DIR=other']),
    ];
    expect(['weights', 'other', 'models'].map((name) => existsSync(join(root, name, 'train.lock')))).toEqual([
      true,
      true,
      false,
    ]);
    for (const lock of locks) await lock!.release();
  });

  it('is made outside the MMAR only when the command line says so', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outerloop-disk-'));
    const folder = join(outside, 'weights');
    writeFileSync(join(root, 'config/environment.json'), JSON.stringify({ MMAR_CKPT_DIR: folder }));
    await expect(lockModels(['-m', root])).rejects.toMatchObject({
      faults: [{ code: 'path-not-allowed', file: 'config/environment.json', path: ['MMAR_CKPT_DIR'] }],
    });
    expect(existsSync(folder)).toBe(false);
    for (const words of [
      ['--write_to', outside],
      ['--set', `MMAR_CKPT_DIR=${folder}`],
    ])
      await (await lockModels(['-m', root, ...words]))!.release();
    rmSync(outside, { recursive: true });
  });

  it('that a killed training left locked is taken over', async () => {
    mkdirSync(join(root, 'models'));
    const gone = { ...processTable.self(), started: 'long ago' };
    writeFileSync(join(root, 'models/train.lock'), JSON.stringify(gone));
    await (await lockModels(['-m', root]))!.release();
  });

  it('is left alone by --check, and without an MMAR', async () => {
    expect(await lockModels(['-m', root, '--check'])).toBeUndefined();
    expect(await lockModels([])).toBeUndefined();
    expect(await lockModels(['-m', join(root, 'gone')])).toBeUndefined();
  });

  it('is what outerloop train asks for', async () => {
    await makePhantoms(root);
    const mmar = join(root, 'mmar');
    const output = captureOutput();
    const data = ['--data-root', join(root, 'data'), '--datalist', 'dataset.json'];
    await runProgram(['mmar', 'new', 'segmentation-unet-3d', mmar, ...data], output);
    const lock = await lockModels(['-m', mmar]);
    expect(await runProgram(['train', '-m', mmar, '-c', 'config/config_train.json'], output)).toBe(1);
    expect(output.notes.at(-1)).toMatch(
      /^error: models\/train\.lock: The folder models is being worked on by process/,
    );
    await lock!.release();
  });
});
