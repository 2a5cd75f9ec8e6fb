import { describe, expect, it } from 'vitest';
import { FaultError } from '../../../common/fault.ts';
import { contextKey } from '../../../common/run/context-key.ts';
import type { JournalEvent } from '../../../common/run/journal-event.ts';
import type { Context } from '../../../main/engine/context.ts';
import type { Job, JobResult } from '../../../main/engine/executor.ts';
import { handlerMethods, type Handler, type HandlerEvent } from '../../../main/engine/handler.ts';
import { DryExecutor, untilAborted } from './fakes/dry-executor.ts';
import { HillController, hillSpace } from './fakes/hill-controller.ts';
import { makeEngine } from './fakes/make-engine.ts';
import { MemoryJournal } from './fakes/memory-journal.ts';

/** A handler that notes every event, with what `note` says about the context. */
function recordingHandler(log: string[], name = '', note: (context: Context) => string = () => ''): Handler {
  const methods = Object.entries(handlerMethods).map(([event, method]) => [
    method,
    (context: Context) => void log.push(`${name}${event}${note(context)}`),
  ]);
  return Object.fromEntries(methods) as Handler;
}

const eventsOf = (journal: MemoryJournal): JournalEvent[] => journal.entries.map(({ event }) => event);
const typesOf = (journal: MemoryJournal): string[] => eventsOf(journal).map(({ type }) => type);
const endsOf = (journal: MemoryJournal): unknown[] =>
  eventsOf(journal).flatMap((event) =>
    event.type === 'job_ended' ? [[event.job, event.status, event.reason]] : [],
  );

/** Lets everything happen that waits for nothing but promises. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
}

describe('a run', () => {
  it('tries what the controller recommends, one after the other, and ends when it has nothing more', async () => {
    const { engine, journal, executor } = makeEngine({ controller: new HillController(3) });
    const end = await engine.run();
    expect(executor.executed).toEqual(['W1_1_J1', 'W1_2_J2', 'W1_3_J3']);
    expect(typesOf(journal)).toEqual([
      'run_created',
      'search_space',
      'recommendations',
      ...['job_started', 'job_ended', 'recommendations'],
      ...['job_started', 'job_ended', 'recommendations', 'round_ended'],
      ...['job_started', 'job_ended', 'recommendations', 'round_ended'],
      'run_ended',
    ]);
    expect(end).toMatchObject({ status: 'completed', best: { job: 'W1_2_J2' } });
    expect(end.best!.score).toBeCloseTo(1.0936948681, 9);
    expect(end.jobs.map(({ job, state, round }) => [job, state, round])).toEqual([
      ['W1_1_J1', 'completed', 1],
      ['W1_2_J2', 'completed', 1],
      ['W1_3_J3', 'completed', 2],
    ]);
  });

  it('goes round the workers and names jobs by worker and number', async () => {
    const { engine, executor } = makeEngine({ workers: 3, controller: new HillController(5, 1) });
    await engine.run();
    expect(executor.executed).toEqual(['W1_1_J1', 'W2_1_J2', 'W3_1_J3', 'W1_2_J4', 'W2_2_J5']);
  });

  it('keeps all workers busy while there is something to try', async () => {
    let running = 0;
    const most: number[] = [];
    const executor = new DryExecutor(async () => {
      most.push(++running);
      await settle();
      running--;
      return { status: 'completed', score: 0 };
    });
    await makeEngine({ workers: 3, executor, controller: new HillController(9, 9) }).engine.run();
    expect(Math.max(...most)).toBe(3);
    expect(executor.executed).toHaveLength(9);
  });

  it('ends at once when the controller recommends nothing', async () => {
    const { engine, executor, journal } = makeEngine({ controller: new HillController(0) });
    expect(await engine.run()).toMatchObject({
      status: 'completed',
      reason: 'the controller recommended nothing to try',
    });
    expect(executor.executed).toEqual([]);
    expect(eventsOf(journal).find(({ type }) => type === 'recommendations')).not.toHaveProperty('round');
  });
});

describe('handlers', () => {
  it('hear all events in order, shutdown in reverse', async () => {
    const log: string[] = [];
    const handlers = ['a.', 'b.'].map((name) => ({ name, handler: recordingHandler(log, name) }));
    await makeEngine({ controller: new HillController(1, 1), handlers }).engine.run();
    const each = (event: HandlerEvent): string[] => [`a.${event}`, `b.${event}`];
    expect(log).toEqual([
      ...each('startup'),
      ...each('start_automl'),
      ...each('search_space_available'),
      ...each('recommendations_available'),
      ...each('start_job'),
      ...each('end_job'),
      ...each('round_ended'),
      ...each('end_automl'),
      'b.shutdown',
      'a.shutdown',
    ]);
  });

  it('find what Clara promises in the context', async () => {
    const seen: Record<string, unknown> = {};
    const read = (context: Context, ...keys: (keyof typeof contextKey)[]): unknown[] =>
      keys.map((key) => context.getProp(contextKey[key]));
    const handler: Handler = {
      searchSpaceAvailable: (context) => void (seen.space = read(context, 'searchSpace')),
      recommendationsAvailable: (context) =>
        void (seen.count = (read(context, 'recommendations')[0] as []).length),
      startJob: (context) => void (seen.start = read(context, 'jobName', 'workerName', 'gpus', 'jobStatus')),
      endJob: (context) =>
        void (seen.end = read(context, 'jobName', 'jobStatus', 'score', 'concreteSearchValue', 'numWorkers')),
    };
    await makeEngine({
      controller: new HillController(1, 1),
      handlers: [{ name: 'h', handler }],
    }).engine.run();
    expect(seen).toEqual({
      space: [hillSpace],
      count: 1,
      start: ['W1_1_J1', 'W1', [], undefined],
      end: [
        'W1_1_J1',
        'completed',
        expect.closeTo(1.0403433149, 9),
        { 'lr.float.$0:learning_rate': expect.closeTo(0.9442471804, 9), 'net.enum.$1:use_amp': [false] },
        1,
      ],
    });
  });

  it('that throw are reported and do not end the run', async () => {
    const log: string[] = [];
    const broken: Handler = {
      startJob: () => {
        throw new Error('no tracking server');
      },
      endJob: () => Promise.reject(new Error('gone')),
    };
    const handlers = [
      { name: 'Broken', handler: broken },
      { name: 'Fine', handler: recordingHandler(log) },
    ];
    const { engine, journal } = makeEngine({ controller: new HillController(2), handlers });
    expect((await engine.run()).status).toBe('completed');
    expect(log.filter((event) => event === 'end_job')).toHaveLength(2);
    expect(
      eventsOf(journal)
        .filter(({ type }) => type === 'component_failed')
        .slice(0, 2),
    ).toEqual([
      {
        type: 'component_failed',
        component: 'Broken',
        event: 'start_job',
        job: 'W1_1_J1',
        message: 'no tracking server',
      },
      { type: 'component_failed', component: 'Broken', event: 'end_job', job: 'W1_1_J1', message: 'gone' },
    ]);
  });

  it('are never called twice at the same time', async () => {
    let inside = 0;
    let most = 0;
    const slow = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await settle();
      inside--;
    };
    const handlers = [{ name: 'slow', handler: { startJob: slow, endJob: slow, roundEnded: slow } }];
    await makeEngine({ workers: 4, controller: new HillController(12, 8), handlers }).engine.run();
    expect(most).toBe(1);
  });

  it('hear end_job for every job whose start_job they heard, however it ends', async () => {
    const log: string[] = [];
    const results: Record<string, JobResult | Error> = {
      W1_1_J1: { status: 'failed', reason: 'no memory' },
      W1_2_J2: new Error('the executor is broken'),
      W1_3_J3: { status: 'diverged', reason: 'NaN' },
      W1_4_J4: { status: 'completed', score: 0.5 },
    };
    const executor = new DryExecutor((job) => {
      const result = results[job.name]!;
      if (result instanceof Error) throw result;
      return result;
    });
    const note = (context: Context): string =>
      ` ${context.getProp(contextKey.jobName)} ${context.getProp(contextKey.jobStatus)} ${context.getProp(contextKey.score)}`;
    const handlers = [{ name: 'h', handler: recordingHandler(log, '', note) }];
    const { engine, journal } = makeEngine({ controller: new HillController(4), executor, handlers });
    expect((await engine.run()).best).toEqual({ job: 'W1_4_J4', score: 0.5 });
    expect(log.filter((line) => line.startsWith('end_job'))).toEqual([
      'end_job W1_1_J1 failed -1000000',
      'end_job W1_2_J2 failed -1000000',
      'end_job W1_3_J3 diverged -1000000',
      'end_job W1_4_J4 completed 0.5',
    ]);
    expect(endsOf(journal)).toEqual([
      ['W1_1_J1', 'failed', 'no memory'],
      ['W1_2_J2', 'failed', 'the executor is broken'],
      ['W1_3_J3', 'diverged', 'NaN'],
      ['W1_4_J4', 'completed', undefined],
    ]);
  });
});

describe('a job', () => {
  it('whose score is no number has diverged', async () => {
    const executor = new DryExecutor(() => ({ status: 'completed', score: NaN }));
    const { engine, journal } = makeEngine({ controller: new HillController(1, 1), executor });
    expect((await engine.run()).best).toBeUndefined();
    expect(endsOf(journal)).toEqual([['W1_1_J1', 'diverged', 'the score is NaN']]);
  });

  it('that fails with faults keeps them', async () => {
    const fault = { code: 'disk-full', message: 'The disk is full.', file: 'W1_1_J1' } as const;
    const executor = new DryExecutor(() => Promise.reject(new FaultError(fault)));
    const { engine, journal } = makeEngine({ controller: new HillController(1, 1), executor });
    await engine.run();
    expect(eventsOf(journal).find(({ type }) => type === 'job_ended')).toMatchObject({
      status: 'failed',
      faults: [fault],
    });
  });

  it('that runs too long is stopped, keeps its score, and the run goes on', async () => {
    const executor = new DryExecutor((job) =>
      job.name === 'W1_1_J1'
        ? untilAborted(job).then((result) => ({ ...result, score: 0.3 }))
        : { status: 'completed', score: 0.1 },
    );
    const { engine, clock, journal } = makeEngine({
      controller: new HillController(2),
      executor,
      limits: { maxJobRunTime: 60 },
    });
    const run = engine.run();
    await settle();
    clock.advance(59_999);
    await settle();
    expect(executor.executed).toEqual(['W1_1_J1']);
    clock.advance(1);
    expect(await run).toMatchObject({ status: 'completed', best: { job: 'W1_1_J1', score: 0.3 } });
    expect(endsOf(journal)[0]).toEqual([
      'W1_1_J1',
      'timeout',
      'it ran longer than max_job_run_time, 60 seconds',
    ]);
  });

  it('whose executor does not even stop is left behind', async () => {
    const never = new Promise<JobResult>(() => undefined);
    const executor = new DryExecutor((job) =>
      job.name === 'W1_1_J1' ? never : { status: 'completed', score: 1 },
    );
    const limits = { maxJobRunTime: 10, settleTime: 5 };
    const { engine, clock, journal } = makeEngine({ controller: new HillController(2), executor, limits });
    const run = engine.run();
    await settle();
    clock.advance(10_000);
    await settle();
    clock.advance(5_000);
    expect((await run).status).toBe('completed');
    expect(endsOf(journal)[0]).toEqual([
      'W1_1_J1',
      'timeout',
      'it ran longer than max_job_run_time, 10 seconds; it did not stop within 5 seconds and was left behind',
    ]);
  });

  it('of one worker can be aborted for good', async () => {
    const executor = new DryExecutor((job) =>
      job.name === 'W2_1_J2' ? untilAborted(job) : { status: 'completed', score: 1 },
    );
    const { engine, journal } = makeEngine({ workers: 2, controller: new HillController(3), executor });
    const run = engine.run();
    await settle();
    expect(engine.controls.abortWorker('W1', 'looks bad')).toBe(false);
    expect(engine.controls.abortWorker('W2', 'looks bad')).toBe(true);
    expect((await run).status).toBe('completed');
    expect(endsOf(journal)).toContainEqual(['W2_1_J2', 'aborted', 'looks bad']);
  });

  it('is not given to a paused worker until the pause is lifted', async () => {
    const { engine, executor } = makeEngine({ workers: 2, controller: new HillController(4, 1) });
    expect(engine.controls.pause('W1')).toBe(true);
    expect(engine.controls.pause('W3')).toBe(false);
    await engine.run();
    expect(executor.executed).toEqual(['W2_1_J1', 'W2_2_J2', 'W2_3_J3', 'W2_4_J4']);
  });

  it('waits when all workers are paused', async () => {
    const { engine, executor } = makeEngine({ controller: new HillController(1, 1) });
    engine.controls.pause('W1');
    const run = engine.run();
    await settle();
    expect(executor.executed).toEqual([]);
    expect(engine.controls.unpause('W1')).toBe(true);
    expect((await run).status).toBe('completed');
  });
});

describe('a stop', () => {
  const running = (): DryExecutor => new DryExecutor(untilAborted);

  it('by the user interrupts what runs, fires end_job, and can be resumed', async () => {
    const log: string[] = [];
    const handlers = [{ name: 'h', handler: recordingHandler(log) }];
    const { engine, journal } = makeEngine({ workers: 2, executor: running(), handlers });
    const run = engine.run();
    await settle();
    engine.stop({ issuer: 'user', reason: 'it was stopped', resumable: true });
    engine.stop({ issuer: 'other', reason: 'too late', resumable: false });
    expect(await run).toMatchObject({ status: 'interrupted', reason: 'it was stopped' });
    expect(log.filter((event) => event === 'end_job')).toHaveLength(2);
    expect(eventsOf(journal).slice(-4)).toEqual([
      { type: 'stop_requested', issuer: 'user', reason: 'it was stopped', resumable: true },
      { type: 'job_interrupted', job: 'W1_1_J1', reason: 'it was stopped', seconds: 0 },
      { type: 'job_interrupted', job: 'W2_1_J2', reason: 'it was stopped', seconds: 0 },
      { type: 'run_ended', status: 'interrupted', reason: 'it was stopped' },
    ]);
  });

  it('by a handler finishes the run: what waits is dropped, what runs is aborted', async () => {
    const executor = new DryExecutor((job: Job) =>
      job.name === 'W1_1_J1' ? { status: 'completed', score: 2 } : untilAborted(job),
    );
    const handler: Handler = { endJob: (context) => context.stopWork('Threshold', 'good enough') };
    const { engine, journal } = makeEngine({ workers: 2, executor, handlers: [{ name: 'h', handler }] });
    expect(await engine.run()).toMatchObject({ status: 'stopped', reason: 'good enough' });
    expect(endsOf(journal)).toEqual([
      ['W1_1_J1', 'completed', undefined],
      ['W2_1_J2', 'aborted', 'good enough'],
    ]);
  });

  it('by the controller finishes the run', async () => {
    class Satisfied extends HillController {
      stopReason(): string {
        return 'nothing better can come';
      }
    }
    const { engine, executor } = makeEngine({ controller: new Satisfied(10) });
    expect(await engine.run()).toMatchObject({ status: 'stopped', reason: 'nothing better can come' });
    expect(executor.executed).toEqual([]);
  });

  it('comes when the run takes too long', async () => {
    const { engine, clock } = makeEngine({ executor: running(), limits: { maxSysRunTime: 100 } });
    const run = engine.run();
    await settle();
    clock.advance(100_000);
    expect(await run).toMatchObject({
      status: 'interrupted',
      reason: 'it took longer than max_sys_run_time, 100 seconds',
    });
  });

  it('that comes when all is done leaves a completed run', async () => {
    const handler: Handler = {
      endJob: () => engine.stop({ issuer: 'user', reason: 'stop', resumable: true }),
    };
    const { engine } = makeEngine({
      controller: new HillController(1, 1),
      handlers: [{ name: 'h', handler }],
    });
    expect((await engine.run()).status).toBe('completed');
  });
});

describe('a run that cannot go on', () => {
  it('because the journal cannot be written starts nothing that is not journalled', async () => {
    const fault = new FaultError({ code: 'disk-full', message: 'The disk is full.' });
    const log: string[] = [];
    for (let failAt = 1; failAt <= 8; failAt++) {
      const journal = new MemoryJournal([], failAt, fault);
      const handlers = [{ name: 'h', handler: recordingHandler(log) }];
      const { engine, executor } = makeEngine({ journal, handlers });
      await expect(engine.run()).rejects.toThrow(fault);
      const started = eventsOf(journal).flatMap((event) => (event.type === 'job_started' ? [event.job] : []));
      expect(executor.executed).toEqual(started);
    }
    const count = (event: string): number => log.filter((line) => line === event).length;
    expect(count('end_job')).toBe(count('start_job'));
    expect(count('start_job')).toBeGreaterThan(0);
    expect(count('shutdown')).toBe(8);
  });

  it('because the controller throws says so in the journal', async () => {
    class Broken extends HillController {
      override refineRecommendation(): never {
        throw new Error('singular matrix');
      }
    }
    const { engine, journal } = makeEngine({ controller: new Broken(5) });
    await expect(engine.run()).rejects.toMatchObject({
      faults: [
        {
          code: 'controller',
          component: 'HillController',
          message: 'The controller failed in refineRecommendation: singular matrix',
        },
      ],
    });
    expect(eventsOf(journal).at(-1)).toMatchObject({ type: 'run_ended', status: 'failed' });
  });

  it('because the controller leaves the space', async () => {
    class Astray extends HillController {
      override initialRecommendation(): never[] {
        const values = { 'lr.float.$0:learning_rate': 1.5, 'net.enum.$1:use_amp': 0 };
        return [{ id: 0, values }] as never[];
      }
    }
    const { engine } = makeEngine({ controller: new Astray(5) });
    await expect(engine.run()).rejects.toThrow(
      /recommendation 0 is not in the search space: .*learning_rate cannot be 1.5/,
    );
  });

  it('because the controller repeats an id', async () => {
    class Repeating extends HillController {
      override initialRecommendation(): readonly ReturnType<
        HillController['initialRecommendation']
      >[number][] {
        const [first] = super.initialRecommendation();
        return [first!, first!];
      }
    }
    const { engine } = makeEngine({ controller: new Repeating(5) });
    await expect(engine.run()).rejects.toThrow(/the id 0, which is not new. Allowed: whole numbers from 1/);
  });
});

describe('progress', () => {
  it('is told at once and journalled now and then', async () => {
    const executor = new DryExecutor((job) => {
      for (let iteration = 1; iteration <= 100; iteration++) {
        job.report({
          epoch: 1,
          iteration,
          loss: iteration === 50 ? NaN : 1 / iteration,
          secondsLeft: Infinity,
        });
        clock.advance(100);
      }
      job.log('warning', 'a voxel is missing');
      return { status: 'completed', score: 1 };
    });
    const { engine, clock, journal, observed } = makeEngine({
      controller: new HillController(1, 1),
      executor,
    });
    await engine.run();
    const told = observed.filter(({ type }) => type === 'job-progress');
    expect(told).toHaveLength(100);
    expect(told[49]).toEqual({
      type: 'job-progress',
      job: 'W1_1_J1',
      worker: 'W1',
      progress: { epoch: 1, iteration: 50, loss: null },
    });
    const journalled = eventsOf(journal).filter(({ type }) => type === 'job_progress');
    expect(journalled).toHaveLength(6);
    expect(journalled.at(-1)).toEqual({
      type: 'job_progress',
      job: 'W1_1_J1',
      progress: { epoch: 1, iteration: 100, loss: 0.01 },
    });
    expect(observed).toContainEqual({
      type: 'log',
      job: 'W1_1_J1',
      level: 'warning',
      text: 'a voxel is missing',
    });
  });

  it('of the run counts jobs', async () => {
    const { engine, observed } = makeEngine({ controller: new HillController(4) });
    await engine.run();
    const progress = observed.flatMap((observation) =>
      observation.type === 'run-progress' ? [observation.progress] : [],
    );
    expect(progress[0]).toMatchObject({ jobsDone: 0, jobsRunning: 1, jobsWaiting: 1, jobsPlanned: 4 });
    expect(progress.at(-1)).toMatchObject({
      jobsDone: 4,
      jobsRunning: 0,
      jobsWaiting: 0,
      bestJob: 'W1_4_J4',
    });
  });
});
