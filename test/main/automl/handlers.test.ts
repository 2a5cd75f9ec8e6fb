import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contextKey } from '../../../common/run/context-key.ts';
import type { JobRecord } from '../../../common/run/job-record.ts';
import { MmarHandler } from '../../../main/automl/handlers/mmar-handler.ts';
import { MmarStatsHandler } from '../../../main/automl/handlers/mmar-stats-handler.ts';
import { makeAutomlStats, StatsHandler } from '../../../main/automl/handlers/stats-handler.ts';
import { formatLeaderboardCsv, makeLeaderboard } from '../../../main/automl/leaderboard.ts';
import { Context } from '../../../main/engine/context.ts';
import { ManualClock } from '../engine/fakes/manual-clock.ts';

let runRoot: string;
beforeEach(() => {
  runRoot = mkdtempSync(join(tmpdir(), 'outerloop-run-'));
});
afterEach(() => rmSync(runRoot, { recursive: true }));

function record(number: number, score?: number, changes: Partial<JobRecord> = {}): JobRecord {
  return {
    job: `W1_${number}_J${number}`,
    worker: 'W1',
    devices: ['0'],
    recommendationId: number - 1,
    round: 1,
    values: {},
    concrete: { 'lr.float.$0:learning_rate': 0.001, 'net.enum.$1:channels,norm': [[8, 16], 'batch'] },
    state: 'completed',
    startedAt: '2020-01-01T00:00:00.000Z',
    endedAt: `2020-01-01T00:0${number}:00.000Z`,
    seconds: 10 * number,
    attempts: 1,
    ...(score === undefined ? {} : { score }),
    ...changes,
  };
}

/** The context of an `end_job`; makes the job's folder as well. */
function ending(job: JobRecord, parent = new Context()): Context {
  mkdirSync(join(runRoot, job.job, 'models'), { recursive: true });
  writeFileSync(join(runRoot, job.job, 'models/model.pt'), job.job);
  const context = new Context(parent);
  context.setProp(contextKey.jobRecord, job);
  return context;
}

const readText = (file: string): string => readFileSync(join(runRoot, file), 'utf8');
const readJson = (file: string): unknown => JSON.parse(readText(file));

describe('MMARHandler', () => {
  it('keeps the best jobs, and a copy of the best of them', async () => {
    const handler = new MmarHandler(runRoot, { num_mmars_to_keep: 2 });
    const scores = [0.5, undefined, 0.3, 0.7, 0.6];
    const kept: string[][] = [];
    for (const [index, score] of scores.entries()) {
      await handler.endJob(ending(record(index + 1, score)));
      kept.push(readdirSync(runRoot).toSorted());
    }
    expect(kept).toEqual([
      ['W1_1_J1', 'best'],
      ['W1_1_J1', 'W1_2_J2', 'best'],
      ['W1_1_J1', 'W1_3_J3', 'best'],
      ['W1_1_J1', 'W1_4_J4', 'best'],
      ['W1_4_J4', 'W1_5_J5', 'best'],
    ]);
    expect(readText('best/models/model.pt')).toBe('W1_4_J4');
    expect(readJson('best/best_job.json')).toEqual({ job: 'W1_4_J4', score: 0.7 });
  });

  it('keeps everything when no number is given', async () => {
    const handler = new MmarHandler(runRoot, {});
    for (const number of [1, 2, 3]) await handler.endJob(ending(record(number, number)));
    expect(readdirSync(runRoot).toSorted()).toEqual(['W1_1_J1', 'W1_2_J2', 'W1_3_J3', 'best']);
    expect(readText('best/models/model.pt')).toBe('W1_3_J3');
  });

  it('makes no best of jobs without a score, nor of one that is interrupted', async () => {
    const handler = new MmarHandler(runRoot, { num_mmars_to_keep: 1 });
    await handler.endJob(ending(record(1)));
    await handler.endJob(ending(record(2, 0.9, { state: 'interrupted' })));
    expect(readdirSync(runRoot).toSorted()).toEqual(['W1_1_J1', 'W1_2_J2']);
  });

  it('changes best/ and leaves the job as it is', async () => {
    const handler = new MmarHandler(runRoot, {});
    await handler.endJob(ending(record(1, 1)));
    writeFileSync(join(runRoot, 'best/models/model.pt'), 'trained on');
    expect(readText('W1_1_J1/models/model.pt')).toBe('W1_1_J1');
  });

  it('asks for the end when a score is good enough', async () => {
    const asked: string[] = [];
    const parent = new Context({
      stopAsked: (issuer, message) => asked.push(`${issuer}: ${message}`),
      traced: () => undefined,
      failed: () => undefined,
    });
    const handler = new MmarHandler(runRoot, { stop_threshold: 0.8 });
    await handler.endJob(ending(record(1, 0.79), parent));
    expect(asked).toEqual([]);
    await handler.endJob(ending(record(2, 0.8), parent));
    expect(asked).toEqual(['MMARHandler: W1_2_J2 reached the stop_threshold of 0.8 with 0.8']);
  });

  it('brings the folders in line with the journal when a run was killed between two steps', async () => {
    const jobs = [record(1, 0.1), record(2, 0.9), record(3, 0.5), record(4)];
    for (const job of jobs) ending(job);
    mkdirSync(join(runRoot, '.best.new/models'), { recursive: true });
    mkdirSync(join(runRoot, 'best'), { recursive: true });
    await new MmarHandler(runRoot, { num_mmars_to_keep: 2 }).restore(new Context(), jobs);
    expect(readdirSync(runRoot).toSorted()).toEqual(['W1_2_J2', 'W1_3_J3', 'best']);
    expect(readText('best/models/model.pt')).toBe('W1_2_J2');
  });
});

describe('the leaderboard', () => {
  const jobs = [
    record(1, 0.5),
    record(2, undefined, { state: 'failed', reason: 'no "memory", left' }),
    record(3, 0.9),
    record(4, 0.5),
  ];

  it('has the best job first, and of equal ones the earlier', () => {
    expect(makeLeaderboard(jobs).map(({ rank, job, score }) => [rank, job, score])).toEqual([
      [1, 'W1_3_J3', 0.9],
      [2, 'W1_1_J1', 0.5],
      [3, 'W1_4_J4', 0.5],
      [4, 'W1_2_J2', -1_000_000],
    ]);
  });

  it('as CSV has a column per searched parameter', () => {
    const lines = formatLeaderboardCsv(makeLeaderboard(jobs)).split('\r\n');
    expect(lines[0]).toBe(
      'rank,job,status,score,best_epoch,epochs,seconds,worker,gpus,recommendation,round,started_at,ended_at,reason,lr.float.$0:learning_rate,"net.enum.$1:channels,norm"',
    );
    expect(lines[1]).toBe(
      '1,W1_3_J3,completed,0.9,,,30,W1,0,2,1,2020-01-01T00:00:00.000Z,2020-01-01T00:03:00.000Z,,0.001,"[8,16] batch"',
    );
    expect(lines[4]).toContain(',"no ""memory"", left",');
    expect(lines).toHaveLength(6);
  });

  it('gives a spreadsheet no formulas', () => {
    const [, line] = formatLeaderboardCsv(makeLeaderboard([record(1, 1, { reason: '=HYPERLINK(1)' })])).split(
      '\r\n',
    );
    expect(line).toContain(",'=HYPERLINK(1),");
    const concrete = { 'net.enum.$1:note': ['=cmd()\u001b[2J'] };
    expect(formatLeaderboardCsv(makeLeaderboard([record(1, 1, { concrete })]))).toContain(",'=cmd()␛[2J\r\n");
  });

  it('is written when a job ends, at most once a second, and in full at the end', async () => {
    const clock = new ManualClock();
    const handler = new MmarStatsHandler(runRoot, clock);
    const context = new Context();
    context.setProp(contextKey.runId, 'first');
    handler.startup(context);
    await handler.endJob(ending(record(1, 0.5), context));
    const jobsIn = (): number => (readJson('leaderboard.json') as { jobs: unknown[] }).jobs.length;
    expect(jobsIn()).toBe(1);
    await handler.endJob(ending(record(2, 0.6), context));
    expect(jobsIn()).toBe(1);
    await handler.endAutoml();
    expect(readJson('leaderboard.json')).toMatchObject({
      outerloop_leaderboard: 1,
      run_id: 'first',
      jobs: [{ job: 'W1_2_J2' }, {}],
    });
    expect(readText('leaderboard.csv').split('\r\n')).toHaveLength(4);
    await handler.endJob(ending(record(3, 0.7), context));
    clock.advance(1000);
    await handler.endAutoml();
    expect(jobsIn()).toBe(3);
    expect(readdirSync(runRoot).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('knows the jobs before a resume', async () => {
    const handler = new MmarStatsHandler(runRoot, new ManualClock());
    await handler.restore(new Context(), jobs);
    await handler.endJob(ending(record(3, 0.9)));
    await handler.endAutoml();
    expect((readJson('leaderboard.json') as { jobs: unknown[] }).jobs).toHaveLength(4);
  });

  it('that cannot be written is a fault that names it', async () => {
    const handler = new MmarStatsHandler(join(runRoot, 'gone'), new ManualClock());
    await expect(handler.endJob(ending(record(1)))).rejects.toMatchObject({
      faults: [{ code: 'file-missing', file: 'leaderboard.json' }],
    });
  });
});

describe('StatsHandler', () => {
  it('counts, adds up, and follows the best score over time', () => {
    const jobs = [
      record(1, 0.5),
      record(2, 0.4),
      record(3, undefined, { state: 'timeout', worker: 'W2' }),
      record(4, 0.8),
    ];
    expect(makeAutomlStats('first', 'running', jobs)).toEqual({
      outerloop_automl_stats: 1,
      run_id: 'first',
      status: 'running',
      jobs: { total: 4, completed: 3, failed: 0, aborted: 0, timeout: 1, diverged: 0 },
      seconds: { total: 100, mean: 25, longest: 40 },
      workers: { W1: { jobs: 3, seconds: 70 }, W2: { jobs: 1, seconds: 30 } },
      best_over_time: [
        { job: 'W1_1_J1', ended_at: '2020-01-01T00:01:00.000Z', score: 0.5 },
        { job: 'W1_4_J4', ended_at: '2020-01-01T00:04:00.000Z', score: 0.8 },
      ],
    });
  });

  it('says how the run ended', async () => {
    const handler = new StatsHandler(runRoot, new ManualClock());
    const context = new Context();
    context.setProp(contextKey.runId, 'first');
    await handler.startup(context);
    expect(readJson('automl_stats.json')).toMatchObject({
      run_id: 'first',
      status: 'running',
      jobs: { total: 0 },
    });
    await handler.endJob(ending(record(1, 0.5), context));
    context.setProp(contextKey.runStatus, 'completed');
    await handler.endAutoml(context);
    expect(readJson('automl_stats.json')).toMatchObject({ status: 'completed', jobs: { total: 1 } });
  });
});
