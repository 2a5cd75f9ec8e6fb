import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Item } from '../../../trainer/data/item.ts';
import { createTensor } from '../../../trainer/data/tensor.ts';
import { MmarFiles } from '../../../trainer/files/mmar-files.ts';
import { createSampleOverlays } from '../../../trainer/handlers/sample-overlays.ts';
import { decodePng, pixelOf } from '../samples/decode-png.ts';
import { FakeEngine } from './fake-engine.ts';

let root: string;
let engine: FakeEngine;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'samples-'));
  engine = new FakeEngine('evaluator');
  createSampleOverlays(new MmarFiles(root), 'models').attach(engine);
});
afterEach(() => rmSync(root, { recursive: true }));

const samples = (): string => join(root, 'models/samples');
const flat = (...values: readonly number[]) => createTensor([1, 2, 2, 1], Float32Array.from(values));
/** White where the picture begins or where it ends. */
const first: Item = { image: flat(0, 0, 0, 1), label: flat(0, 0, 0, 0), pred: flat(0, 0, 0, 0) };
const last: Item = { ...first, image: flat(1, 0, 0, 0) };
const isFirst = (name: string): boolean =>
  pixelOf(decodePng(readFileSync(join(samples(), name))), 0, 0)[0] === 255;

/** A validation with one case at a time. */
async function validate(epoch: number, best: { value: number; epoch: number }, items: readonly Item[]) {
  await engine.fire('EPOCH_STARTED', { epoch });
  for (const item of items) await engine.fire('ITERATION_COMPLETED', { output: { items: [item] } });
  await engine.fire('EPOCH_COMPLETED', { bestMetric: best.value, bestMetricEpoch: best.epoch });
}

describe('SampleOverlays', () => {
  it('keeps pictures of the first three cases of the best validation', async () => {
    await validate(1, { value: 0.5, epoch: 1 }, [first, last, first, first, first]);
    expect(readdirSync(samples())).toEqual(['validation_1.png', 'validation_2.png', 'validation_3.png']);
    expect([1, 2, 3].map((number) => isFirst(`validation_${number}.png`))).toEqual([true, false, true]);
    await validate(2, { value: 0.5, epoch: 1 }, [last]);
    expect(isFirst('validation_1.png'), 'after a worse one').toBe(true);
    await validate(3, { value: 0.6, epoch: 3 }, [last]);
    expect(isFirst('validation_1.png'), 'after a better one').toBe(false);
    await validate(3, { value: 0.6, epoch: 3 }, [first]);
    expect(isFirst('validation_1.png'), 'after a worse one of the same epoch').toBe(false);
  });

  it('removes those of an earlier training as soon as it validates', async () => {
    mkdirSync(samples(), { recursive: true });
    writeFileSync(join(samples(), 'validation_2.png'), 'old');
    await validate(1, { value: -1, epoch: -1 }, [first]);
    expect(readdirSync(samples())).toEqual([]);
  });

  it('writes nothing for cases that are no segmentations, and counts them', async () => {
    const { label: _, ...unlabelled } = first;
    await validate(1, { value: 0.5, epoch: 1 }, [unlabelled]);
    expect(existsSync(samples())).toBe(false);
    await validate(2, { value: 0.6, epoch: 2 }, [unlabelled, first]);
    expect(readdirSync(samples())).toEqual(['validation_2.png']);
  });

  it('warns where it cannot write, and goes on', async () => {
    mkdirSync(join(root, 'models'));
    writeFileSync(samples(), 'a file');
    await validate(1, { value: 0.5, epoch: 1 }, [first]);
    expect(engine.lines.length).toBeGreaterThan(0);
    for (const line of engine.lines) {
      expect(line).toMatch(/^warning: There is no new sample picture: models\/samples/);
      expect(line).not.toContain(root);
    }
  });
});
