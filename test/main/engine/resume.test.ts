import { describe, expect, it } from 'vitest';
import type { JournalEntry, JournalEvent } from '../../../common/run/journal-event.ts';
import { contextKey } from '../../../common/run/context-key.ts';
import type { Handler } from '../../../main/engine/handler.ts';
import { DryExecutor, untilAborted } from './fakes/dry-executor.ts';
import { HillController, hillSpace } from './fakes/hill-controller.ts';
import { makeEngine } from './fakes/make-engine.ts';
import { MemoryJournal } from './fakes/memory-journal.ts';

const JOBS = 9;

/** Goes on from a journal as it was left by a killed engine. */
async function resume(
  entries: readonly JournalEntry[],
  workers: number,
): Promise<{ journal: MemoryJournal; executor: DryExecutor }> {
  const isNew = entries.length === 0;
  const executor = new DryExecutor();
  const journal = new MemoryJournal(entries);
  const { engine } = makeEngine({
    workers,
    executor,
    journal,
    controller: new HillController(JOBS, 4),
    ...(isNew ? {} : { history: { entries: [...entries] } }),
  });
  expect((await engine.run()).status).toBe('completed');
  return { journal, executor };
}

function recommended(entries: readonly JournalEntry[]): unknown[] {
  return entries.flatMap(({ event }) => (event.type === 'recommendations' ? event.recommendations : []));
}

function endedJobs(entries: readonly JournalEntry[]): string[] {
  return entries.flatMap(({ event }) => (event.type === 'job_ended' ? [event.job] : []));
}

describe('a run that is resumed', () => {
  it.each([1, 2, 3])(
    'from any entry of its journal ends as if nothing had happened, with %i workers',
    async (workers) => {
      const { journal: whole } = await resume([], workers);
      const expected = recommended(whole.entries);
      expect(expected).toHaveLength(JOBS);
      for (let length = 1; length < whole.entries.length - 1; length++) {
        const { journal, executor } = await resume(whole.entries.slice(0, length), workers);
        const before = endedJobs(whole.entries.slice(0, length));
        const ended = endedJobs(journal.entries);
        expect(ended.toSorted(), `cut after ${length}`).toEqual(endedJobs(whole.entries).toSorted());
        expect(executor.executed.filter((job) => before.includes(job))).toEqual([]);
        if (ended.join() === endedJobs(whole.entries).join())
          expect(recommended(journal.entries)).toEqual(expected);
      }
    },
  );

  it('gives the recommendations of an undisturbed run with the same order of finishing', async () => {
    const { journal: whole } = await resume([], 3);
    for (let length = 4; length < whole.entries.length - 1; length += 3) {
      const { journal } = await resume(whole.entries.slice(0, length), 3);
      const controller = new HillController(JOBS, 4);
      controller.setSearchSpace({ space: hillSpace, seed: 7, numWorkers: 3 });
      const answers = [...controller.initialRecommendation()];
      const ids = new Map(
        journal.entries.flatMap(({ event }) =>
          event.type === 'job_started' ? [[event.job, event.recommendationId]] : [],
        ),
      );
      for (const { event } of journal.entries)
        if (event.type === 'job_ended')
          answers.push(
            ...controller.refineRecommendation({
              recommendationId: ids.get(event.job)!,
              status: event.status,
              score: event.score,
            }),
          );
      expect(recommended(journal.entries)).toEqual(answers);
    }
  });

  it('survives being killed again and again', async () => {
    let entries: readonly JournalEntry[] = [];
    for (let kills = 0; kills < 30; kills++) {
      const { journal } = await resume(entries, 2);
      const kept = entries.length + 2 + (kills % 3);
      if (kept >= journal.entries.length - 1) break;
      entries = journal.entries.slice(0, kept);
    }
    const { journal } = await resume(entries, 2);
    const ended = endedJobs(journal.entries);
    expect(new Set(ended).size).toBe(JOBS);
    expect(ended).toHaveLength(JOBS);
  });

  it('runs interrupted jobs again first, under their names, from their checkpoints', async () => {
    const stopped = makeEngine({
      workers: 2,
      executor: new DryExecutor(untilAborted),
      controller: new HillController(4, 4),
    });
    const run = stopped.engine.run();
    for (let turn = 0; turn < 200; turn++) await Promise.resolve();
    stopped.engine.stop({ issuer: 'user', reason: 'stop', resumable: true });
    await run;
    const resumes: [string, boolean][] = [];
    const executor = new DryExecutor((job) => {
      resumes.push([job.name, job.resume]);
      return { status: 'completed', score: 0 };
    });
    const entries = [...stopped.journal.entries];
    const journal = new MemoryJournal(entries);
    await makeEngine({
      workers: 2,
      executor,
      journal,
      history: { entries },
      controller: new HillController(4, 4),
    }).engine.run();
    expect(resumes).toEqual([
      ['W1_1_J1', true],
      ['W2_1_J2', true],
      ['W1_2_J3', false],
      ['W2_2_J4', false],
    ]);
    const record = (await resumeRecords(journal.entries)).find(({ job }) => job === 'W1_1_J1');
    expect(record).toMatchObject({ attempts: 2, state: 'completed' });
  });

  it('fires end_job again for a job whose handlers may not have heard it, and restore for all before', async () => {
    const { journal: whole } = await resume([], 1);
    const cut = whole.entries.findIndex(({ event }) => event.type === 'job_ended') + 1;
    const entries = whole.entries.slice(0, cut);
    const heard: unknown[] = [];
    const handler: Handler = {
      startup: () => void heard.push('startup'),
      restore: (_context, ended) => void heard.push(ended.map(({ job, state }) => [job, state])),
      endJob: (context) =>
        void heard.push([context.getProp(contextKey.jobName), context.getProp(contextKey.score)]),
    };
    const { engine } = makeEngine({
      journal: new MemoryJournal(entries),
      history: { entries, cut: '17 bytes' },
      controller: new HillController(1, 1),
      handlers: [{ name: 'h', handler }],
    });
    await expect(engine.run()).rejects.toThrow('recommends something else');
    expect(heard.slice(0, 2)).toEqual(['startup', [['W1_1_J1', 'completed']]]);
    const again = makeEngine({
      journal: new MemoryJournal(entries),
      history: { entries },
      controller: new HillController(JOBS, 4),
      handlers: [{ name: 'h', handler }],
    });
    await again.engine.run();
    expect(heard).toContainEqual(['W1_1_J1', expect.closeTo(1.0403433149, 9)]);
  });

  it('is refused when the controller answers something else', async () => {
    const { journal } = await resume([], 1);
    const entries = journal.entries.slice(0, 8);
    const { engine } = makeEngine({
      journal: new MemoryJournal(entries),
      history: { entries },
      controller: new HillController(JOBS, 3),
    });
    await expect(engine.run()).rejects.toMatchObject({
      faults: [{ code: 'run-changed', component: 'HillController' }],
    });
  });

  it('is refused when the search space is another', async () => {
    const { journal } = await resume([], 1);
    const entries = journal.entries.slice(0, 8);
    const [rate, amp] = hillSpace.parameters;
    const other = { parameters: [{ ...rate!, max: 2 } as typeof rate & object, amp!] };
    const { engine } = makeEngine({
      journal: new MemoryJournal(entries),
      history: { entries },
      executor: new DryExecutor(undefined, other),
    });
    await expect(engine.run()).rejects.toThrow(/search space is not the one .*learning_rate is another/);
  });

  it('that was being finished is finished, not gone on with', async () => {
    const stopped: readonly JournalEvent[] = [
      { type: 'stop_requested', issuer: 'MMARHandler', reason: 'good enough', resumable: false },
    ];
    const { journal: whole } = await resume([], 2);
    const started = whole.entries.findIndex(({ event }) => event.type === 'job_started') + 2;
    const entries = [
      ...whole.entries.slice(0, started),
      ...stopped.map((event, index) => ({ seq: started + index + 1, at: '2020-01-01T00:00:00.000Z', event })),
    ];
    const { engine, executor } = makeEngine({
      workers: 2,
      journal: new MemoryJournal(entries),
      history: { entries },
      controller: new HillController(JOBS, 4),
    });
    expect(await engine.run()).toMatchObject({ status: 'stopped', reason: 'good enough' });
    expect(executor.executed).toEqual([]);
  });

  it('is refused when its journal contradicts itself', async () => {
    const { journal } = await resume([], 1);
    const entries = journal.entries.filter(({ event }) => event.type !== 'job_started');
    expect(() => makeEngine({ history: { entries } })).toThrow(
      /contradicts itself: .*W1_1_J1 was not running/,
    );
  });
});

async function resumeRecords(entries: readonly JournalEntry[]): Promise<readonly { job: string }[]> {
  const { JobRecords } = await import('../../../common/run/job-record.ts');
  const records = new JobRecords();
  for (const entry of entries) records.add(entry);
  return records.list();
}
