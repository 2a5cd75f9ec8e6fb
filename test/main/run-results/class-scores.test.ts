import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../../common/json.ts';
import { readClassScores } from '../../../main/run-results/class-scores.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outerloop-classes-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, json: Json): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), JSON.stringify(json));
}

function writeStats(more: Record<string, Json> = {}, first: Record<string, Json> = {}): void {
  write('models/train_stats.json', {
    outerloop_train_stats: 1,
    status: 'completed',
    key_metric: 'dice',
    best_metric: 0.7,
    best_epoch: 2,
    epochs: 3,
    max_epochs: 3,
    train: [],
    validation: [1, 2, 3].map((epoch) => ({
      epoch,
      metrics: { dice: 0.5 },
      per_class: { dice: [epoch / 10, null], other: [1] },
      ...first,
    })),
    ...more,
  });
}

function writeLabels(labels: Json): void {
  write('config/environment.json', { DATASET_JSON: 'list.json' });
  write('list.json', { labels });
}

describe('the scores per class', () => {
  it('are those of the best epoch, with the names of the data list', async () => {
    writeStats({}, { first_class: { dice: 1 } });
    writeLabels({ 0: 'background', 1: 'liver', 2: 'tumour' });
    expect(await readClassScores(root)).toEqual({
      metric: 'dice',
      epoch: 2,
      classes: [
        { number: 1, name: 'liver', score: 0.2 },
        { number: 2, name: 'tumour', score: null },
      ],
    });
  });

  it('begin with the background where as many labels as scores are named', async () => {
    writeStats();
    writeLabels({ 0: 'background', 1: 'liver' });
    expect((await readClassScores(root))?.classes.map(({ name }) => name)).toEqual(['background', 'liver']);
  });

  it('have numbers without a data list', async () => {
    writeStats();
    expect((await readClassScores(root))?.classes.map(({ number, name }) => [number, name])).toEqual([
      [1, undefined],
      [2, undefined],
    ]);
  });

  it.each<[string, Record<string, Json>]>([
    ['that was never validated', { validation: [], best_epoch: 1 }],
    ['whose metric has no classes', { key_metric: 'accuracy' }],
    ['of another trainer', { outerloop_train_stats: 2 }],
  ])('are unknown of a training %s', async (_, more) => {
    writeStats(more);
    expect(await readClassScores(root)).toBeUndefined();
  });

  it('are unknown of a job without stats', async () => {
    expect(await readClassScores(root)).toBeUndefined();
  });
});
