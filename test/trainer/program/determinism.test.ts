import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readTorchFile } from '../../../trainer/checkpoint/torch-file.ts';
import type { TorchValue } from '../../../trainer/checkpoint/torch-value.ts';
import { makePhantomMmar, type PhantomMmar, type PhantomOptions } from './phantom-mmar.ts';
import { readTrainStats, runProgram } from './run-program.ts';

const checkpoint = (root: string, name: string) =>
  readTorchFile(readFileSync(join(root, 'models', name))) as Map<string, TorchValue>;

describe('determinism', { timeout: 60_000 }, () => {
  const mmars: PhantomMmar[] = [];
  afterEach(() => mmars.splice(0).forEach((mmar) => mmar.remove()));
  const weightsOf = async (
    words: readonly string[],
    options: PhantomOptions = {},
    prepare: (mmar: PhantomMmar) => void = () => undefined,
  ) => {
    const mmar = makePhantomMmar(options);
    mmars.push(mmar);
    prepare(mmar);
    const { exitCode, lines } = await runProgram(mmar.root, ['train', ...words], { drawSeed: () => 77 });
    expect(exitCode, lines.join('\n')).toBe(0);
    return {
      weights: checkpoint(mmar.root, 'final_model.pt').get('model'),
      stats: readTrainStats(mmar.root),
      lines,
    };
  };
  const withWorkers = (count: number): PhantomOptions => ({
    config(config) {
      config.train.dataloader.args.num_workers = count;
      return config;
    },
  });

  it('the same seed gives the same weights to the bit, with any number of workers', async () => {
    const first = await weightsOf([]);
    const again = await weightsOf([], withWorkers(2));
    expect(again.weights).toEqual(first.weights);
    expect(again.stats.validation).toEqual(first.stats.validation);
    expect(again.stats.train).toEqual(first.stats.train);
  });

  it('sample pictures change nothing, and one that cannot be written is a warning', async () => {
    const drawn = await weightsOf([]);
    const blocked = await weightsOf([], {}, (mmar) => mmar.write('models/samples', 'a file'));
    expect(blocked.weights).toEqual(drawn.weights);
    expect(blocked.stats.validation).toEqual(drawn.stats.validation);
    const warnings = (lines: readonly string[]) => lines.filter((line) => line.includes('sample picture'));
    expect(warnings(drawn.lines)).toEqual([]);
    expect(warnings(blocked.lines).length).toBeGreaterThan(0);
  });

  it('another seed gives other weights; without one a seed is drawn and logged', async () => {
    const five = await weightsOf(['--set', 'epochs=1']);
    const six = await weightsOf(['--set', 'epochs=1', 'determinism=6']);
    expect(six.weights).not.toEqual(five.weights);
    const drawn = await weightsOf(['--set', 'epochs=1'], { config: ({ determinism: _, ...rest }) => rest });
    expect(drawn.lines).toContain('Random seed: 77 (drawn)');
    const given = await weightsOf(['--set', 'epochs=1', 'determinism=77']);
    expect(drawn.weights).toEqual(given.weights);
  });
});
