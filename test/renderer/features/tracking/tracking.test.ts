import { describe, expect, it } from 'vitest';
import type { TrackedRun } from '../../../../common/api/tracking.ts';
import { kindOfFile } from '../../../../renderer/features/tracking/artifact-preview.ts';
import { compareRuns } from '../../../../renderer/features/tracking/compare-runs.ts';
import { makeCurves } from '../../../../renderer/features/tracking/metric-curves.ts';
import {
  asSentence,
  describePhase,
  wasLookedThrough,
} from '../../../../renderer/features/tracking/remote-phases.ts';
import { describeOrder, makeRunColumns } from '../../../../renderer/features/tracking/run-columns.ts';
import { sortRows } from '../../../../renderer/ui/sorted-rows.ts';
import { cellText } from '../../../../renderer/ui/table-column.ts';

const run = (
  name: string,
  metrics: TrackedRun['metrics'],
  params: TrackedRun['params'] = {},
): TrackedRun => ({
  run: name,
  experiment: '1',
  name,
  status: 'FINISHED',
  isDeleted: false,
  metrics,
  params,
  tags: {},
  datasets: [],
});

describe('columns of runs', () => {
  const columns = makeRunColumns({
    metrics: ['system/cpu', 'train_loss', 'val_dice', 'score', 'learning_rate'],
    params: ['config/a', 'search/lr', 'config/b', 'other'],
    tags: ['t'],
  });

  it('show scores and what was searched first, and the machine last', () => {
    const titles = columns.filter(({ key }) => /^(metrics|params)/.test(key)).map(({ title }) => title);
    expect(titles).toEqual([
      'score',
      'val_dice',
      'train_loss',
      'learning_rate',
      'system/cpu',
      'lr',
      'other',
      'config/a',
      'config/b',
    ]);
    expect(columns.filter(({ isHidden }) => isHidden === true).map(({ key }) => key)).toContain(
      'metrics.system/cpu',
    );
  });

  it('sort params that are numbers as numbers', () => {
    const runs = ['10', '9', 'auto', '1e-3'].map((lr) => run(lr, {}, { 'search/lr': lr }));
    const sorted = sortRows(runs, columns, { key: 'params.search/lr', descending: false });
    expect(sorted.map(({ name }) => name)).toEqual(['1e-3', '9', '10', 'auto']);
  });

  it.each([
    ['name', false, 'attributes.run_name ASC'],
    ['started', true, 'attributes.start_time DESC'],
    ['metrics.val_dice', true, 'metrics.`val_dice` DESC'],
    ['params.search/net.enum:lr', false, 'params.`search/net.enum:lr` ASC'],
    ['tags.t', true, 'tags.`t` DESC'],
    ['seconds', true, undefined],
  ])("order by %s in MLflow's grammar", (key, descending, order) => {
    expect(describeOrder({ key, descending })).toBe(order);
    expect(columns.some((column) => column.key === key) || /enum/.test(key)).toBe(true);
  });

  it('are ordered by nothing while nobody asks', () => {
    expect(describeOrder(undefined)).toBeUndefined();
  });

  it('say nothing for what was not measured, or is no number', () => {
    const score = columns.find(({ key }) => key === 'metrics.score')!;
    expect([cellText(score, run('a', {})), cellText(score, run('b', { score: null }))]).toEqual(['–', '–']);
  });
});

describe('a comparison', () => {
  const runs = [
    run('a', { loss: 0.5, dice: 0.8, 'system/cpu': 90, seconds: 3 }, { lr: '0.1', net: 'UNet' }),
    run('b', { loss: 0.2, dice: 0.7, 'system/cpu': 50, seconds: 9 }, { lr: '0.2', net: 'UNet' }),
    run('c', { dice: 0.8 }, { net: 'UNet' }),
  ];
  const rowOf = (name: string, onlyDifferent = false) =>
    compareRuns(runs, onlyDifferent)
      .flatMap(({ rows }) => rows)
      .find((row) => row.name === name);

  it('marks the smallest loss and the largest score, and neither for time and the machine', () => {
    expect(rowOf('loss')?.cells.map(({ isBest }) => isBest)).toEqual([false, true, false]);
    expect(rowOf('dice')?.cells.map(({ isBest }) => isBest)).toEqual([true, false, true]);
    expect(rowOf('system/cpu')?.cells.some(({ isBest }) => isBest)).toBe(false);
    expect(rowOf('seconds')?.cells.some(({ isBest }) => isBest)).toBe(false);
  });

  it('leaves out what is the same, when asked to', () => {
    expect(rowOf('net', true)).toBeUndefined();
    expect(rowOf('net')?.differs).toBe(false);
    expect(rowOf('lr', true)?.cells.map(({ text }) => text)).toEqual(['0.1', '0.2', '–']);
  });
});

it('makes curves over steps, and over the minutes since each run began', () => {
  const series = [
    { run: 'b', metric: 'loss', total: 2, steps: [1, 2], times: [600_000, 660_000], values: [3, null] },
    { run: 'a', metric: 'dice', total: 1, steps: [1], times: [0], values: [1] },
  ];
  const runs = [
    { run: 'a', name: 'A' },
    { run: 'b', name: 'B' },
  ];
  expect(makeCurves(series, 'loss', 'step', runs)).toEqual([
    { key: 'b', label: 'B', colour: 'var(--chart-2)', isDashed: false, x: [1, 2], y: [3, null] },
  ]);
  expect(makeCurves(series, 'loss', 'time', runs)[0]?.x).toEqual([0, 1]);
});

it('knows what can be shown of a file', () => {
  const kinds = ['a.png', 'train_stats.json', 'log.txt', 'model.onnx', 'MLmodel', 'x.svg'].map(kindOfFile);
  expect(kinds).toEqual(['picture', 'text', 'text', 'none', 'text', 'none']);
});

it('does not call a server up to date that something waits for, or that did not take something', () => {
  const state = { phase: 'idle', synced: 1, waiting: 0, failed: 0, heldBack: 0 } as const;
  expect(describePhase(state)).toEqual({ label: 'Up to date', tone: 'ok' });
  expect(describePhase({ ...state, waiting: 2 })).toEqual({ label: 'Waiting', tone: 'warn' });
  expect(describePhase({ ...state, waiting: 2, failed: 3 })).toEqual({ label: '3 failed', tone: 'error' });
  expect(describePhase({ ...state, phase: 'sending', failed: 3 }).label).toBe('Sending');
  expect(describePhase({ ...state, phase: 'refused', waiting: 2 }).label).toBe('Refused');
});

it('says what was held back of a run once it was looked through', () => {
  const row = { remote: 'site', runId: 'r', runName: 'r', experiment: 'e', heldBack: 0 };
  expect(wasLookedThrough({ ...row, state: 'waiting' })).toBe(false);
  expect(wasLookedThrough({ ...row, state: 'waiting', heldBack: 1 })).toBe(true);
  expect(wasLookedThrough({ ...row, state: 'synced' })).toBe(true);
  expect(asSentence('no connection')).toBe('No connection');
  expect(asSentence('')).toBe('');
});
