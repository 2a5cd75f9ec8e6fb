import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mmarId } from '../../../../common/api/ids.ts';
import { runHead, type RunUpdate } from '../../../../common/api/runs.ts';
import { chooseCurves } from '../../../../renderer/features/runs/choose-curves.ts';
import {
  describeDevices,
  describeParameterValue,
  progressOf,
  secondsOf,
} from '../../../../renderer/features/runs/describe-job.ts';
import { filterJobs } from '../../../../renderer/features/runs/filter-jobs.ts';
import { makeJobColumns } from '../../../../renderer/features/runs/job-columns.ts';
import { LogTail, toneOfLine } from '../../../../renderer/features/runs/log-tail.svelte.ts';
import { RunCurves } from '../../../../renderer/features/runs/run-curves.svelte.ts';
import { RunModel } from '../../../../renderer/features/runs/run.svelte.ts';
import {
  getJobActions,
  getRunActions,
  getStopActions,
} from '../../../../renderer/features/runs/runs-actions.ts';
import { makeRow } from './make-row.ts';

const mmar = mmarId.parse('mmar0001');
const update = (more: Partial<RunUpdate>): RunUpdate => ({
  seq: 1,
  isReset: false,
  isComplete: true,
  jobs: [],
  notes: [],
  ...more,
});
const counts = {
  started: 0,
  running: 0,
  interrupted: 0,
  completed: 0,
  failed: 0,
  aborted: 0,
  timeout: 0,
  diverged: 0,
};
const head = (more: object = {}) =>
  runHead.parse({
    mmar,
    run: 'run1',
    state: 'running',
    place: 'here',
    isResumable: false,
    controller: 'RandomController',
    executor: 'MMARExecutor',
    seed: 1,
    trusted: false,
    workers: '0',
    startedAt: '2026-01-01T00:00:00.000Z',
    seconds: 5,
    jobs: counts,
    ...more,
  });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a run in the window', () => {
  it('keeps its jobs in their order while their rows are replaced', () => {
    const model = new RunModel(mmar, 'run1');
    model.take(update({ isReset: true, head: head(), jobs: [makeRow(1, { state: 'running' }), makeRow(2)] }));
    model.take(update({ jobs: [makeRow(3), makeRow(1, { score: 0.7 })] }));
    expect(model.rows.map(({ number, score }) => [number, score])).toEqual([
      [1, 0.7],
      [2, undefined],
      [3, undefined],
    ]);
    expect(model.find('W1_1_J1')!.score).toBe(0.7);
    expect(model.find('none')).toBeUndefined();
    expect(model.canSteer).toBe(true);
  });

  it('drops what it knew when main begins anew', () => {
    const model = new RunModel(mmar, 'run1');
    const note = { seq: 1, at: '2026-01-01T00:00:00.000Z', text: 'Started', level: 'info' as const };
    model.take(update({ isReset: true, jobs: [makeRow(1), makeRow(2)], notes: [note] }));
    model.take(update({ isReset: true, jobs: [makeRow(2)] }));
    expect(model.rows.map(({ number }) => number)).toEqual([2]);
    expect(model.find('W1_1_J1')).toBeUndefined();
    expect(model.notes).toEqual([]);
  });

  it('puts news together where there are many rows, and forgets none', () => {
    const model = new RunModel(mmar, 'run1');
    const many = Array.from({ length: 2000 }, (_, index) => makeRow(index + 1));
    model.take(update({ isReset: true, jobs: many }));
    vi.advanceTimersByTime(1000);
    const before = model.rows;
    for (let number = 1; number <= 5; number++)
      model.take(update({ jobs: [makeRow(number, { score: number })] }));
    model.take(update({ jobs: [makeRow(6, { score: 6 })] }));
    vi.advanceTimersByTime(1000);
    expect(model.rows).not.toBe(before);
    expect(model.rows.slice(0, 6).map(({ score }) => score)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('counts its time on between news', () => {
    const model = new RunModel(mmar, 'run1');
    model.take(update({ head: head({ seconds: 10 }) }));
    expect(model.secondsAt(Date.now() + 3000)).toBeCloseTo(13);
    model.take(update({ head: head({ seconds: 10, state: 'completed', place: undefined }) }));
    expect(model.secondsAt(Date.now() + 3000)).toBe(10);
  });

  it('offers what can be asked of it as it stands', () => {
    const model = new RunModel(mmar, 'run1');
    expect(getRunActions(model)).toEqual([]);
    model.take(
      update({
        head: head(),
        workers: { isPaused: false, workers: [] },
        jobs: [makeRow(1, { state: 'running' })],
      }),
    );
    expect(getRunActions(model).map(({ id }) => id)).toEqual([
      'run.pause',
      'run.stop-after-round',
      'run.stop-after-jobs',
      'run.stop-now',
      'run.finish',
    ]);
    expect(getJobActions(model, model.find('W1_1_J1')!)[0]!.disabledReason).toBeUndefined();
    model.take(update({ workers: { isPaused: true, workers: [] } }));
    expect(getRunActions(model)[0]!.title).toBe('Go on with the run');
    // of another program only a stop can be asked
    model.take(update({ head: head({ place: 'elsewhere' }) }));
    expect(
      getStopActions(model)
        .filter(({ disabledReason }) => disabledReason === undefined)
        .map(({ id }) => id),
    ).toEqual(['run.stop-now']);
    expect(getJobActions(model, model.find('W1_1_J1')!)[0]!.disabledReason).toMatch(/Another program/);
    model.take(update({ head: head({ state: 'killed', place: undefined, isResumable: true }) }));
    expect(getRunActions(model).map(({ id }) => id)).toEqual(['run.resume']);
    model.take(update({ head: head({ state: 'completed', place: undefined }) }));
    expect(getRunActions(model)).toEqual([]);
  });
});

describe('curves', () => {
  it('grow by parts, and are replaced from where a part says', () => {
    const curves = new RunCurves(mmar, 'run1');
    const part = { job: 'a', curve: 'loss' as const };
    curves.take({ ...part, from: 0, epochs: [1, 2], values: [3, 2] });
    curves.take({ ...part, from: 2, epochs: [3], values: [1] });
    vi.advanceTimersByTime(1000);
    expect(curves.points('a', 'loss')).toEqual({ x: [1, 2, 3], y: [3, 2, 1] });
    // begun anew from an earlier epoch
    curves.take({ ...part, from: 1, epochs: [2], values: [9] });
    vi.advanceTimersByTime(1000);
    expect(curves.points('a', 'loss')).toEqual({ x: [1, 2], y: [3, 9] });
    expect(curves.points('a', 'score')).toBeUndefined();
  });

  it('are those that were selected; else of the running and the best jobs, and always of the active one', () => {
    const rows = [
      makeRow(1, { score: 0.5 }),
      makeRow(2, { score: 0.9 }),
      makeRow(3, { state: 'running', score: 0.1 }),
      makeRow(4, { state: 'failed' }),
    ];
    expect(chooseCurves(rows, new Set(), undefined)).toEqual(['W1_3_J3', 'W1_2_J2', 'W1_1_J1']);
    expect(chooseCurves(rows, new Set(), 'W1_4_J4')[0]).toBe('W1_4_J4');
    expect(chooseCurves(rows, new Set(['W1_1_J1']), undefined)).toEqual(['W1_1_J1']);
    const many = new Set(Array.from({ length: 100 }, (_, index) => `j${index}`));
    expect(chooseCurves(rows, many, 'active')).toHaveLength(24);
    expect(chooseCurves(rows, many, 'active')[0]).toBe('active');
  });
});

describe('a log', () => {
  it('is put together from parts that end anywhere', () => {
    const tail = new LogTail();
    tail.take({ from: 0, to: 8, isReset: true, text: 'one\ntw' });
    expect(tail.lines).toEqual(['one', 'tw']);
    tail.take({ from: 8, to: 20, isReset: false, text: 'o\nthree\n' });
    expect(tail.lines).toEqual(['one', 'two', 'three']);
    expect(tail.isCut).toBe(false);
  });
  it('keeps its end, and says that there is more', () => {
    const tail = new LogTail();
    tail.take({
      from: 0,
      to: 1,
      isReset: true,
      text: `${Array.from({ length: 5000 }, (_, line) => line).join('\n')}\n`,
    });
    expect(tail.lines).toHaveLength(2000);
    expect(tail.lines.at(-1)).toBe('4999');
    expect(tail.isCut).toBe(true);
    tail.take({ from: 0, to: 1, isReset: true, text: 'new\n' });
    expect(tail.lines).toEqual(['new']);
    expect(tail.isCut).toBe(false);
  });
  it('marks lines that say that something is wrong', () => {
    expect(toneOfLine('12:00 - trainer - ERROR - no memory')).toBe('error');
    expect(toneOfLine('12:00 - trainer - WARNING - slow')).toBe('warn');
    expect(toneOfLine('mean error: 0.1')).toBeUndefined();
  });
});

describe('a job', () => {
  it('is as far as its epochs and the iterations of the one that goes on', () => {
    expect(progressOf(makeRow(1))).toBe(1);
    const running = makeRow(1, {
      state: 'running',
      epoch: 3,
      epochs: 10,
      iteration: 5,
      iterationsPerEpoch: 10,
    });
    expect(progressOf(running)).toBeCloseTo(0.25);
    expect(progressOf(makeRow(1, { state: 'running' }))).toBeUndefined();
    expect(progressOf(makeRow(1, { state: 'aborted', epoch: 5, epochs: 10 }))).toBe(0.5);
  });
  it('counts the time of all its attempts', () => {
    const since = '2026-01-01T00:00:00.000Z';
    expect(secondsOf(makeRow(1, { state: 'running', runningSince: since }), Date.parse(since) + 5000)).toBe(
      65,
    );
    expect(secondsOf(makeRow(1), 0)).toBe(60);
  });
  it('is described in the words of its config', () => {
    expect([describeDevices([]), describeDevices(['0', '2'])]).toEqual(['CPU', 'GPU 0, 2']);
    const norm = {
      prl: 'n',
      domain: 'x',
      args: ['norm'],
      conditions: [],
      type: 'enum',
      choices: [['batch'], [[1, 2]]],
    } as const;
    expect(describeParameterValue(norm, 1)).toBe('[1,2]');
    expect(describeParameterValue(norm, undefined)).toBe('–');
  });
  it('is found by state, name and reason', () => {
    const rows = [
      makeRow(1),
      makeRow(2, { state: 'failed', reason: 'out of memory' }),
      makeRow(3, { state: 'aborted' }),
    ];
    const numbers = (...query: [string, Parameters<typeof filterJobs>[2]]) =>
      filterJobs(rows, ...query).map(({ number }) => number);
    expect(numbers('', 'all')).toEqual([1, 2, 3]);
    expect(numbers('MEMORY', 'all')).toEqual([2]);
    expect(numbers('j3', 'all')).toEqual([3]);
    expect(numbers('', 'bad')).toEqual([2]);
    expect(numbers('', 'stopped')).toEqual([3]);
    expect(filterJobs(rows, '', 'all')).toBe(rows);
  });
  it('has a column for each parameter of the search', () => {
    const rate = {
      prl: 'lr',
      domain: 'x',
      args: ['lr'],
      conditions: [],
      type: 'float',
      min: 0,
      max: 1,
      log: false,
    } as const;
    const columns = makeJobColumns([rate], new Map([['lr', 'lr']]), { keyMetric: 'dice' }, () => 0);
    const column = columns.find(({ key }) => key === 'lr')!;
    const row = makeRow(1, { values: { lr: 0.000123 } });
    expect(column.format!(column.value(row)!, row)).toBe('1.23e-4');
    expect(column.value(makeRow(2))).toBeUndefined();
  });
});
