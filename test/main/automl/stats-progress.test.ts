import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { JobProgress } from '../../../common/run/progress.ts';
import { parseStatsProgress, watchStats } from '../../../main/automl/stats-progress.ts';
import { systemClock } from '../../../main/node/system-clock.ts';

describe('progress by train_stats.json', () => {
  it('is the last of what the file says', () => {
    const stats = {
      status: 'running',
      epochs: 2,
      max_epochs: 9,
      key_metric: 'val_mean_dice',
      best_metric: 0.7,
      best_epoch: 1,
      train: [
        { epoch: 1, loss: 0.9, learning_rate: 0.1 },
        { epoch: 2, loss: 0.8, learning_rate: 0.05 },
      ],
      validation: [{ epoch: 2, metrics: { val_mean_dice: 0.7 }, per_class: { val_mean_dice: [0.6, 0.8] } }],
    };
    expect(parseStatsProgress(JSON.stringify(stats))).toEqual({
      epoch: 2,
      epochs: 9,
      loss: 0.8,
      learningRate: 0.05,
      metrics: { val_mean_dice: 0.7 },
      perClass: { val_mean_dice: [0.6, 0.8] },
      keyMetric: 'val_mean_dice',
      bestMetric: 0.7,
      bestEpoch: 1,
    });
  });

  it('makes do with little, and leaves out what it does not understand', () => {
    expect(parseStatsProgress('{"best_metric": -1000000, "epochs": "many", "train": 3}')).toEqual({});
    expect(parseStatsProgress('{"best_metric": 0.5}')).toEqual({ bestMetric: 0.5 });
    expect(parseStatsProgress('{"best_metric": 0.5')).toBeUndefined();
    expect(parseStatsProgress('[]')).toBeUndefined();
  });

  it('is told once per change of the file, until it ends', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'outerloop-stats-'));
    const file = join(folder, 'train_stats.json');
    const seen: JobProgress[] = [];
    const end = watchStats(file, systemClock, 5, (progress) => seen.push(progress));
    const until = async (count: number): Promise<void> => {
      while (seen.length < count) await sleep(5);
    };
    writeFileSync(file, '{"epochs": 1}');
    await until(1);
    writeFileSync(file, '{"epochs": ');
    await sleep(30);
    writeFileSync(file, '{"epochs": 2}');
    await until(2);
    await sleep(30);
    end();
    writeFileSync(file, '{"epochs": 3}');
    await sleep(30);
    expect(seen).toEqual([{ epoch: 1 }, { epoch: 2 }]);
    rmSync(folder, { recursive: true });
  });
});
