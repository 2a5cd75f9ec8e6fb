import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../../common/fault.ts';
import type { JournalEntry, JournalEvent } from '../../../common/run/journal-event.ts';
import type { RunSummary } from '../../../common/run/run-observation.ts';
import { createController } from '../../../main/controllers/registry.ts';
import { readJournal } from '../../../main/journal/read-journal.ts';
import { makeTrainableMmar } from './programs/make-mmar.ts';

const program = join(import.meta.dirname, 'programs/run-search.ts');
const JOBS = 16;
const SEED = 11;
const CONTROLLER = { name: 'ReinforcementController', args: { max_rounds: 100, max_jobs: JOBS } };

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** A search in a process of its own. */
function startSearch(
  mmarRoot: string,
  words: readonly string[],
): { child: ChildProcess; summary: Promise<RunSummary | undefined> } {
  const child = fork(program, [mmarRoot, String(SEED), ...words], {
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  let errors = '';
  child.stdout!.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr!.on('data', (data: Buffer) => (errors += data.toString()));
  const summary = new Promise<RunSummary | undefined>((resolve, reject) => {
    child.once('close', (code) => {
      if (code === null) resolve(undefined);
      else if (code === 0) resolve(JSON.parse(output) as RunSummary);
      else reject(new Error(errors));
    });
  });
  return { child, summary };
}

interface Disturbed {
  readonly mmarRoot: string;
  readonly summary: RunSummary;
  readonly kills: number;
}

/** Kills a new search at random moments, `kills` at most, and resumes it until it ends. */
async function disturb(workers: string, kills: number): Promise<Disturbed> {
  for (;;) {
    const mmarRoot = await makeTrainableMmar({ controller: CONTROLLER });
    folders.push(dirname(mmarRoot));
    const ended = await killAndResume(mmarRoot, workers, kills);
    if (ended !== undefined) return { mmarRoot, ...ended };
  }
}

/** Undefined when a kill came after the search had ended and before it could say so: there is nothing to resume. */
async function killAndResume(
  mmarRoot: string,
  workers: string,
  kills: number,
): Promise<Omit<Disturbed, 'mmarRoot'> | undefined> {
  for (let killed = 0; ; killed++) {
    if (killed > 0 && (await hasEnded(mmarRoot))) return undefined;
    const resume = existsSync(join(mmarRoot, 'automl/disturbed')) ? ['--resume'] : [];
    const { child, summary } = startSearch(mmarRoot, [...resume, 'run_id=disturbed', `workers=${workers}`]);
    if (killed < kills) killSoon(child);
    const done = await summary;
    if (done !== undefined) return { summary: done, kills: killed };
  }
}

async function hasEnded(mmarRoot: string): Promise<boolean> {
  if (!existsSync(join(mmarRoot, 'automl/disturbed/journal.jsonl'))) return false;
  const events = await readRun(mmarRoot, 'disturbed');
  return events.at(-1)?.type === 'run_ended';
}

/** At any moment from the making of the run's folder on. */
function killSoon(child: ChildProcess): void {
  child.once('message', () => void sleep(Math.random() * 1200).then(() => child.kill('SIGKILL')));
}

async function readRun(mmarRoot: string, run: string): Promise<readonly JournalEvent[]> {
  const { entries } = await readJournal(join(mmarRoot, 'automl', run, 'journal.jsonl'));
  return entries.map(({ event }: JournalEntry) => event);
}

const recommended = (events: readonly JournalEvent[]): unknown[] =>
  events.flatMap((event) => (event.type === 'recommendations' ? event.recommendations : []));

/** What a controller of its own, never disturbed, recommends when jobs end in the order of the journal. */
async function recommendUndisturbed(events: readonly JournalEvent[], numWorkers: number): Promise<unknown[]> {
  const controller = unwrap(createController(CONTROLLER.name, CONTROLLER.args));
  const space = events.find((event) => event.type === 'search_space')!.space;
  await controller.setSearchSpace({ space, seed: SEED, numWorkers });
  const answers = [...(await controller.initialRecommendation())];
  const ids = new Map(
    events.flatMap((event) => (event.type === 'job_started' ? [[event.job, event.recommendationId]] : [])),
  );
  for (const event of events)
    if (event.type === 'job_ended')
      answers.push(
        ...(await controller.refineRecommendation({
          recommendationId: ids.get(event.job)!,
          status: event.status,
          score: event.score,
        })),
      );
  return JSON.parse(JSON.stringify(answers)) as unknown[];
}

function expectEachJobOnce(mmarRoot: string, run: string, events: readonly JournalEvent[]): void {
  const ended = events.flatMap((event) => (event.type === 'job_ended' ? [event.job] : []));
  expect(ended).toHaveLength(JOBS);
  expect(new Set(ended).size).toBe(JOBS);
  const log = readFileSync(join(mmarRoot, 'automl/ran.log'), 'utf8').trimEnd().split('\n');
  expect(log.filter((line) => line.startsWith('overlap'))).toEqual([]);
  const done = log.filter((line) => line.startsWith('done')).map((line) => line.split(' ')[1]!);
  expect(done.toSorted(), run).toEqual(ended.toSorted());
  expect(
    readFileSync(join(mmarRoot, 'automl', run, 'leaderboard.csv'), 'utf8')
      .trimEnd()
      .split('\n'),
  ).toHaveLength(JOBS + 1);
}

describe('a search that is killed', () => {
  it('at twenty random moments loses no job, runs none twice, and recommends what it would have', async () => {
    let kills = 0;
    while (kills < 20) {
      const disturbed = await disturb('cpu:cpu', 20 - kills);
      const { mmarRoot } = disturbed;
      kills += disturbed.kills;
      expect(disturbed.summary).toMatchObject({ status: 'completed', runId: 'disturbed' });
      const events = await readRun(mmarRoot, 'disturbed');
      expectEachJobOnce(mmarRoot, 'disturbed', events);
      expect(recommended(events)).toEqual(await recommendUndisturbed(events, 2));
      const [best] = disturbed.summary.jobs;
      expect(JSON.parse(readFileSync(join(mmarRoot, 'automl/disturbed/best/best_job.json'), 'utf8'))).toEqual(
        {
          job: best!.job,
          score: best!.score,
        },
      );
    }
  }, 300_000);

  it('with one worker ends exactly as one that was left alone', async () => {
    const quiet = await makeTrainableMmar({ controller: CONTROLLER });
    folders.push(dirname(quiet));
    const undisturbed = await startSearch(quiet, ['run_id=quiet', 'workers=0']).summary;
    const { mmarRoot: disturbed, summary } = await disturb('0', 4);
    const pick = ({ jobs, best }: RunSummary): unknown => [
      best,
      jobs.map(({ job, values, score, state }) => ({ job, values, score, state })),
    ];
    expect(pick(summary)).toEqual(pick(undisturbed!));
    expect(recommended(await readRun(disturbed, 'disturbed'))).toEqual(
      recommended(await readRun(quiet, 'quiet')),
    );
  }, 300_000);
});

describe('Ctrl-C', () => {
  it('aborts the running jobs, says so in the journal, and leaves a run that can be resumed', async () => {
    const mmarRoot = await makeTrainableMmar({ controller: CONTROLLER });
    folders.push(dirname(mmarRoot));
    const { child, summary } = startSearch(mmarRoot, ['run_id=stopped', 'workers=cpu:cpu']);
    await new Promise<void>((resolve) => child.on('message', (job) => /_J3$/.test(String(job)) && resolve()));
    child.kill('SIGINT');
    expect(await summary).toMatchObject({
      status: 'interrupted',
      reason: 'it was stopped by the user',
      resumable: true,
    });
    const events = await readRun(mmarRoot, 'stopped');
    expect(events.find(({ type }) => type === 'stop_requested')).toMatchObject({
      issuer: 'user',
      resumable: true,
    });
    expect(events.at(-1)).toMatchObject({ type: 'run_ended', status: 'interrupted' });

    const resumed = await startSearch(mmarRoot, ['--resume', 'run_id=stopped', 'workers=cpu:cpu']).summary;
    expect(resumed).toMatchObject({ status: 'completed', resumable: false });
    expectEachJobOnce(mmarRoot, 'stopped', await readRun(mmarRoot, 'stopped'));
  }, 120_000);
});
