import { describe, expect, it } from 'vitest';
import type { JournalEntry, JournalEvent } from '../../../common/run/journal-event.ts';
import type { RunObservation } from '../../../common/run/run-observation.ts';
import type { Job, JobResult } from '../../../main/engine/executor.ts';
import { DryExecutor } from './fakes/dry-executor.ts';
import { HillController, scoreOf } from './fakes/hill-controller.ts';
import { makeEngine } from './fakes/make-engine.ts';
import type { MemoryJournal } from './fakes/memory-journal.ts';

const eventsOf = (journal: MemoryJournal): JournalEvent[] => journal.entries.map(({ event }) => event);
const typesOf = (journal: MemoryJournal): string[] => eventsOf(journal).map(({ type }) => type);
const recommended = (entries: readonly JournalEntry[]): unknown[] =>
  entries.flatMap(({ event }) => (event.type === 'recommendations' ? event.recommendations : []));

async function settle(): Promise<void> {
  for (let turn = 0; turn < 300; turn++) await Promise.resolve();
}

/** Jobs that end when the test says so, or when they are told to stop. */
class HeldExecutor extends DryExecutor {
  readonly #held: Map<string, (result: JobResult) => void>;

  constructor() {
    const held = new Map<string, (result: JobResult) => void>();
    super(
      (job: Job) =>
        new Promise((resolve) => {
          held.set(job.name, () =>
            resolve({ status: 'completed', score: scoreOf(job.recommendation.values) }),
          );
          job.signal.addEventListener('abort', () => resolve({ status: 'aborted', score: 0.25 }));
        }),
    );
    this.#held = held;
  }

  async finish(...jobs: readonly string[]): Promise<void> {
    for (const job of jobs) this.#held.get(job)!({ status: 'completed' });
    await settle();
  }
}

describe('a pause', () => {
  it('of the run keeps jobs from starting, not from ending, until it is lifted', async () => {
    const executor = new HeldExecutor();
    const { engine, journal } = makeEngine({ workers: 2, controller: new HillController(4), executor });
    const run = engine.run();
    await settle();
    expect(engine.controls.pause()).toBe(true);
    await settle();
    await executor.finish('W1_1_J1', 'W2_1_J2');
    expect(executor.executed).toEqual(['W1_1_J1', 'W2_1_J2']);
    expect(engine.controls.workers()).toEqual({
      isPaused: true,
      workers: [
        { name: 'W1', devices: [], state: 'idle', busy: false },
        { name: 'W2', devices: [], state: 'idle', busy: false },
      ],
    });
    expect(engine.controls.unpause()).toBe(true);
    await settle();
    await executor.finish('W1_2_J3', 'W2_2_J4');
    expect(await run).toMatchObject({
      status: 'completed',
      reason: 'the controller has nothing more to try',
    });
    expect(typesOf(journal)).toEqual([
      ...['run_created', 'search_space', 'recommendations', 'job_started', 'job_started'],
      'paused',
      ...['job_ended', 'job_ended', 'recommendations', 'recommendations', 'round_ended'],
      'unpaused',
      ...['job_started', 'job_started', 'job_ended', 'job_ended'],
      ...['recommendations', 'recommendations', 'round_ended', 'round_ended'],
      'run_ended',
    ]);
  });

  it('changes nothing about what is recommended', async () => {
    const undisturbed = makeEngine({ controller: new HillController(6, 1) });
    await undisturbed.engine.run();
    const executor = new HeldExecutor();
    const { engine, journal } = makeEngine({ controller: new HillController(6, 1), executor });
    const run = engine.run();
    await settle();
    for (let number = 1; number <= 6; number++) {
      engine.controls.pause(number % 2 === 0 ? 'W1' : undefined);
      await settle();
      await executor.finish(`W1_${number}_J${number}`);
      engine.controls.unpause(number % 2 === 0 ? 'W1' : undefined);
      await settle();
    }
    await run;
    expect(recommended(journal.entries)).toEqual(recommended(undisturbed.journal.entries));
    expect(recommended(journal.entries)).toHaveLength(6);
  });

  it('of one worker leaves the work to the others, and says so to observers', async () => {
    const { engine, executor, observed } = makeEngine({ workers: 2, controller: new HillController(4, 1) });
    expect([engine.controls.pause('W1'), engine.controls.pause('W3')]).toEqual([true, false]);
    await engine.run();
    expect(executor.executed).toEqual(['W2_1_J1', 'W2_2_J2', 'W2_3_J3', 'W2_4_J4']);
    const states = observed
      .filter((seen): seen is RunObservation & { type: 'workers' } => seen.type === 'workers')
      .map(({ workers }) => workers.workers.map(({ state, job }) => (job === undefined ? state : job)));
    expect(states[0]).toEqual(['paused', 'W2_1_J1']);
    expect(states.at(-1)).toEqual(['paused', 'idle']);
  });

  it('is journalled once, however often it is asked for', async () => {
    const { engine, journal } = makeEngine({ workers: 2, controller: new HillController(1, 1) });
    for (let time = 0; time < 3; time++) engine.controls.pause('W1');
    engine.controls.unpause();
    await engine.run();
    expect(eventsOf(journal).filter(({ type }) => type === 'paused')).toEqual([
      { type: 'paused', worker: 'W1' },
    ]);
    expect(typesOf(journal)).not.toContain('unpaused');
  });

  it('is lifted by a resume', async () => {
    const executor = new HeldExecutor();
    const first = makeEngine({ controller: new HillController(2, 1), executor });
    const run = first.engine.run();
    await settle();
    first.engine.controls.pause('W1');
    first.engine.controls.pause();
    await settle();
    first.engine.controls.stop();
    expect(await run).toMatchObject({ status: 'interrupted' });
    const { engine } = makeEngine({
      controller: new HillController(2, 1),
      history: { entries: first.journal.entries },
    });
    expect(await engine.run()).toMatchObject({ status: 'completed', jobs: { length: 2 } });
  });
});

describe('an abort of one job', () => {
  it('ends it for good with the score so far, and the run goes on', async () => {
    const executor = new HeldExecutor();
    const { engine, journal } = makeEngine({ workers: 2, controller: new HillController(3), executor });
    const run = engine.run();
    await settle();
    expect(engine.controls.abortJob('W9_1_J1')).toBe(false);
    expect(engine.controls.abortJob('W2_1_J2', 'it looks bad')).toBe(true);
    await settle();
    await executor.finish('W1_1_J1', 'W2_2_J3');
    const end = await run;
    expect(end.status).toBe('completed');
    expect(end.jobs.find(({ job }) => job === 'W2_1_J2')).toMatchObject({
      state: 'aborted',
      reason: 'it looks bad',
      score: 0.25,
    });
    const types = typesOf(journal);
    expect(types.indexOf('abort_requested')).toBeLessThan(types.indexOf('job_ended'));
  });

  it('holds when the run is killed before the job has ended: it is not run again', async () => {
    const executor = new HeldExecutor();
    const first = makeEngine({ workers: 2, controller: new HillController(4), executor });
    void first.engine.run();
    await settle();
    first.engine.controls.abortJob('W1_1_J1', 'it looks bad');
    await settle();
    const at = typesOf(first.journal).indexOf('abort_requested');
    const { engine, executor: second } = makeEngine({
      workers: 2,
      controller: new HillController(4),
      history: { entries: first.journal.entries.slice(0, at + 1) },
    });
    const end = await engine.run();
    expect(second.executed).not.toContain('W1_1_J1');
    expect(second.executed).toContain('W2_1_J2');
    expect(end.jobs).toHaveLength(4);
    expect(end.jobs[0]).toMatchObject({ job: 'W1_1_J1', state: 'aborted', reason: 'it looks bad' });
  });
});

describe('a stop', () => {
  const atStart = 3;

  it('after the round lets the batches that have begun come to their end, and can be resumed', async () => {
    const undisturbed = makeEngine({ controller: new HillController(6, atStart) });
    await undisturbed.engine.run();
    const executor = new HeldExecutor();
    const first = makeEngine({ controller: new HillController(6, atStart), executor });
    const run = first.engine.run();
    await settle();
    expect(first.engine.controls.stop({ when: 'after-round', reason: 'enough for today' })).toBe(true);
    await settle();
    for (let number = 1; number <= atStart; number++) await executor.finish(`W1_${number}_J${number}`);
    expect(await run).toMatchObject({ status: 'interrupted', reason: 'enough for today' });
    expect(executor.executed).toHaveLength(atStart);
    expect(eventsOf(first.journal)).toContainEqual({
      type: 'stop_requested',
      issuer: 'user',
      reason: 'enough for today',
      resumable: true,
      when: 'after-round',
    });
    expect(typesOf(first.journal)).not.toContain('job_interrupted');

    const { engine, journal } = makeEngine({
      controller: new HillController(6, atStart),
      history: { entries: first.journal.entries },
    });
    expect(await engine.run()).toMatchObject({ status: 'completed', jobs: { length: 6 } });
    expect(recommended(journal.entries)).toEqual(recommended(undisturbed.journal.entries));
  });

  it('after the jobs starts nothing more, not even of the same batch', async () => {
    const executor = new HeldExecutor();
    const { engine } = makeEngine({ controller: new HillController(6, atStart), executor });
    const run = engine.run();
    await settle();
    engine.controls.stop({ when: 'after-jobs' });
    await settle();
    await executor.finish('W1_1_J1');
    expect(await run).toMatchObject({ status: 'interrupted', reason: 'it was stopped by the user' });
    expect(executor.executed).toEqual(['W1_1_J1']);
  });

  it('that is to finish the run leaves nothing to resume', async () => {
    const executor = new HeldExecutor();
    const { engine, journal } = makeEngine({ controller: new HillController(6, atStart), executor });
    const run = engine.run();
    await settle();
    engine.controls.stop({ when: 'after-jobs', resumable: false });
    await settle();
    await executor.finish('W1_1_J1');
    expect(await run).toMatchObject({ status: 'stopped' });
    expect(eventsOf(journal).filter(({ type }) => type === 'job_ended')).toHaveLength(1);
  });

  it('can be hastened, never put off', async () => {
    const executor = new HeldExecutor();
    const { engine, journal } = makeEngine({ workers: 2, controller: new HillController(6, 4), executor });
    const run = engine.run();
    await settle();
    engine.controls.stop({ when: 'after-round' });
    engine.controls.stop({ when: 'after-jobs' });
    engine.controls.stop({ when: 'after-round' });
    await settle();
    await executor.finish('W1_1_J1');
    expect(executor.executed).toHaveLength(2);
    engine.controls.stop();
    expect(await run).toMatchObject({ status: 'interrupted' });
    expect(
      eventsOf(journal).flatMap((event) => (event.type === 'stop_requested' ? [event.when ?? 'now'] : [])),
    ).toEqual(['after-round', 'after-jobs', 'now']);
    expect(typesOf(journal).filter((type) => type === 'job_interrupted')).toHaveLength(1);
  });

  it('after the round ends a run that is paused, as soon as nothing runs', async () => {
    const executor = new HeldExecutor();
    const { engine } = makeEngine({ controller: new HillController(6, atStart), executor });
    const run = engine.run();
    await settle();
    engine.controls.pause();
    engine.controls.stop({ when: 'after-round' });
    await settle();
    await executor.finish('W1_1_J1');
    expect(await run).toMatchObject({ status: 'interrupted' });
  });

  it('after the last round is the end of the run', async () => {
    const executor = new HeldExecutor();
    const { engine } = makeEngine({ controller: new HillController(1, 1), executor });
    const run = engine.run();
    await settle();
    engine.controls.stop({ when: 'after-round' });
    await settle();
    await executor.finish('W1_1_J1');
    expect(await run).toMatchObject({ status: 'completed' });
  });
});

describe('after the end', () => {
  it('nothing can be asked any more', async () => {
    const { engine, journal } = makeEngine({ controller: new HillController(1, 1) });
    await engine.run();
    const { controls } = engine;
    expect([
      controls.pause(),
      controls.pause('W1'),
      controls.unpause(),
      controls.abortJob('W1_1_J1'),
      controls.abortWorker('W1'),
      controls.stop(),
    ]).toEqual([false, false, false, false, false, false]);
    expect(typesOf(journal).at(-1)).toBe('run_ended');
  });
});
