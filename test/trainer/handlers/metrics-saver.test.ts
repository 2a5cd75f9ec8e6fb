import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { metricsSaverSpec } from '../../../common/components/handlers.ts';
import type { MetricResult } from '../../../trainer/engines/metric-slots.ts';
import { MmarFiles } from '../../../trainer/files/mmar-files.ts';
import { createMetricsSaver } from '../../../trainer/handlers/metrics-saver.ts';
import { parseSummaryOperations, summarise } from '../../../trainer/handlers/summary-operations.ts';
import { FakeEngine } from './fake-engine.ts';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'metrics-'))));
afterEach(() => rmSync(root, { recursive: true }));

const dice: MetricResult = {
  label: 'dice',
  isKey: true,
  value: 0.625,
  firstClass: 1,
  perClass: [0.75, 0.5],
  perCase: [
    [1, NaN],
    [0.5, 0.5],
  ],
};
const accuracy: MetricResult = { label: 'acc', isKey: false, value: null, firstClass: 0 };

async function save(args: Readonly<Record<string, unknown>>): Promise<void> {
  const engine = new FakeEngine('evaluator');
  createMetricsSaver(metricsSaverSpec.args.parse({ save_dir: 'eval', ...args }), {
    files: new MmarFiles(root),
    nameCase: ({ name }) => String(name),
  }).attach(engine);
  await engine.fire('EPOCH_STARTED');
  await engine.fire('ITERATION_COMPLETED', { output: { items: [{ name: 'one.nii' }] } });
  await engine.fire('ITERATION_COMPLETED', { output: { items: [{ name: 'two.nii' }] } });
  await engine.fire('EPOCH_COMPLETED', { metrics: [dice, accuracy] });
}
const read = (name: string): string[] => readFileSync(join(root, 'eval', name), 'utf8').split('\n');

describe('MetricsSaver', () => {
  it('writes all metrics, and nothing else, unless it is told to', async () => {
    await save({});
    expect(readdirSync(join(root, 'eval'))).toEqual(['metrics.csv']);
    expect(read('metrics.csv')).toEqual(['dice,0.625', 'acc,nan', '']);
  });

  it('writes every case and the statistics of every class', async () => {
    await save({
      metric_details: 'dice',
      summary_ops: ['mean', 'max', '25percentile', 'notnans'],
      delimiter: ';',
    });
    expect(read('dice_raw.csv')).toEqual([
      'filename;class1;class2;mean',
      'one.nii;1.0000;nan;1.0000',
      'two.nii;0.5000;0.5000;0.5000',
      '',
    ]);
    expect(read('dice_summary.csv')).toEqual([
      'class;mean;max;25percentile;notnans',
      'class1;0.7500;1.0000;0.6250;2.0000',
      'class2;0.5000;0.5000;0.5000;1.0000',
      'mean;0.7500;1.0000;0.6250;2.0000',
      '',
    ]);
  });

  it('takes "*" for all that have cases', async () => {
    await save({ metric_details: '*' });
    expect(readdirSync(join(root, 'eval')).sort()).toEqual(['dice_raw.csv', 'metrics.csv']);
  });

  it.each([
    [{ metrics: ['dise'] }, 'metrics'],
    [{ metric_details: ['acc'] }, 'metric_details'],
    [{ summary_ops: 'mode' }, 'summary_ops'],
    [{ summary_ops: '101percentile' }, 'summary_ops'],
  ])('refuses %j', async (args, argument) => {
    await expect(save(args)).rejects.toMatchObject({ faults: [{ component: 'MetricsSaver', argument }] });
  });
});

describe('summarise', () => {
  it("gives numpy's numbers", () => {
    const values = [3, NaN, 1, 2, 10];
    const all = parseSummaryOperations('*').map((operation) => [operation, summarise(operation, values)]);
    // np.nanmean, nanmedian, nanmax, nanmin, nanpercentile(90), nanstd, count
    expect(all).toEqual([
      ['mean', 4],
      ['median', 2.5],
      ['max', 10],
      ['min', 1],
      ['90percentile', expect.closeTo(7.9, 12)],
      ['std', expect.closeTo(3.5355339059327378, 12)],
      ['notnans', 4],
    ]);
  });

  it('is undefined for nothing', () => {
    expect(summarise('max', [NaN])).toBeNaN();
    expect(summarise('notnans', [])).toBe(0);
  });
});
