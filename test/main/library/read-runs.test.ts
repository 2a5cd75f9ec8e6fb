import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { JOURNAL_FORMAT, type JournalEvent } from '../../../common/run/journal-event.ts';
import { runFile } from '../../../main/automl/run-folder.ts';
import { encodeLine } from '../../../main/journal/journal-line.ts';
import { lockRun } from '../../../main/journal/run-lock.ts';
import { CardRuns } from '../../../main/library/read-runs.ts';
import { processTable } from '../../../main/node/process-table.ts';
import { openShelf, type TestShelf } from './fixtures.ts';

let shelf: TestShelf;
let mmar: string;
let runs: CardRuns;
beforeEach(async () => {
  shelf = openShelf();
  mmar = await shelf.makeMmar('liver');
  runs = new CardRuns({ clock: shelf.clock, processes: processTable });
});
afterEach(() => shelf.remove());

const created = (runId: string): JournalEvent => ({
  type: 'run_created',
  format: JOURNAL_FORMAT,
  identity: {
    runId,
    seed: 1,
    numWorkers: 1,
    controller: 'RandomController',
    executor: 'MMARExecutor',
    handlers: [],
    digests: {},
    trusted: false,
  },
  host: { versions: {}, workers: '0', devices: [[]], pid: 1 },
  settings: {},
});

const job = (name: string, id: number, score: number): JournalEvent[] => [
  { type: 'recommendations', cause: 'initial', round: id + 1, recommendations: [{ id, values: {} }] },
  {
    type: 'job_started',
    job: name,
    recommendationId: id,
    lease: { worker: 'W1', devices: [], threads: 1 },
    resume: false,
    concrete: {},
  },
  { type: 'job_progress', job: name, progress: { keyMetric: 'val_mean_dice' } },
  { type: 'job_ended', job: name, status: 'completed', score, seconds: 2 },
];
const ended: JournalEvent = { type: 'run_ended', status: 'completed', reason: 'all done' };

/** Writes a run whose journal was changed at that second. */
function writeRun(name: string, second: number, ...events: readonly JournalEvent[]): string {
  const folder = join(mmar, 'automl', name);
  mkdirSync(folder, { recursive: true });
  const at = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  const lines = [created(name), ...events].map(
    (event, index) => `${encodeLine({ seq: index + 1, at, event })}\n`,
  );
  writeFileSync(runFile(folder, 'journal'), lines.join(''));
  utimesSync(runFile(folder, 'journal'), second, second);
  return folder;
}

it('says nothing of an MMAR without runs', async () => {
  expect(await runs.of(mmar)).toEqual({ runs: 0 });
  expect(await runs.isRunning(mmar)).toBe(false);
});

it('tells the run that was written to last, and the best score of all', async () => {
  writeRun('first', 10, ...job('W1_1_J1', 0, 0.9), ended);
  writeRun('second', 20, ...job('W1_1_J1', 0, 0.4), ...job('W1_2_J2', 1, 0.6), ended);
  expect(await runs.of(mmar)).toEqual({
    runs: 2,
    lastRun: { run: 'second', state: 'completed', startedAt: '2026-01-01T00:00:20.000Z', jobs: 2 },
    best: { run: 'first', job: 'W1_1_J1', score: 0.9, metric: 'val_mean_dice' },
  });
});

it('knows a run that somebody works on from one whose program is gone', async () => {
  const folder = writeRun('first', 10, ...job('W1_1_J1', 0, 0.9));
  expect((await runs.of(mmar)).lastRun?.state).toBe('killed');
  const lock = await lockRun(runFile(folder, 'lock'), processTable);
  expect(await runs.isRunning(mmar)).toBe(true);
  expect((await runs.of(mmar)).lastRun?.state).toBe('running');
  await lock.release();
});

it('counts a run that cannot be read, and leaves it out', async () => {
  const folder = writeRun('broken', 10);
  writeFileSync(runFile(folder, 'journal'), 'nonsense\nmore nonsense\n');
  expect(await runs.of(mmar)).toEqual({ runs: 1 });
});

it('reads a run again when it was written to', async () => {
  writeRun('first', 10, ...job('W1_1_J1', 0, 0.5), ended);
  expect((await runs.of(mmar)).best?.score).toBe(0.5);
  writeRun('first', 11, ...job('W1_1_J1', 0, 0.5), ...job('W1_2_J2', 1, 0.7), ended);
  expect((await runs.of(mmar)).best?.score).toBe(0.7);
});
