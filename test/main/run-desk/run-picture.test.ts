import { describe, expect, it } from 'vitest';
import { mmarId } from '../../../common/api/ids.ts';
import { JobRecords } from '../../../common/run/job-record.ts';
import type { JournalEntry, JournalEvent } from '../../../common/run/journal-event.ts';
import type { RunView } from '../../../main/automl/run-view.ts';
import { RunPicture } from '../../../main/run-desk/run-picture.ts';

const JOB = 'W1_1_J1';
const view: RunView = {
  runId: 'run1',
  runFolder: '/runs/run1',
  condition: 'running',
  isResumable: false,
  settings: {},
  progress: { jobsDone: 0, jobsRunning: 0, jobsWaiting: 0, secondsElapsed: 0 },
  workers: { isPaused: false, workers: [] },
};
const started = (resume: boolean): JournalEvent => ({
  type: 'job_started',
  job: JOB,
  recommendationId: 1,
  lease: { worker: 'W1', devices: [], threads: 1 },
  resume,
  concrete: {},
});
const recommended: JournalEvent = {
  type: 'recommendations',
  cause: 'initial',
  round: 1,
  recommendations: [{ id: 1, values: {} }],
};
const reached = (bestMetric: number): JournalEvent => ({
  type: 'job_progress',
  job: JOB,
  progress: { epoch: 1, bestMetric, keyMetric: 'val_mean_dice' },
});
const interrupted: JournalEvent = { type: 'job_interrupted', job: JOB, reason: 'stopped', seconds: 5 };

/** A picture that took in the events, each group at once. */
function pictureOf(...groups: JournalEvent[][]): RunPicture {
  const picture = new RunPicture({ mmar: mmarId.parse('abcdefgh'), run: 'run1' });
  const records = new JobRecords();
  let seq = 0;
  for (const group of groups) {
    const entries = group.map((event): JournalEntry => ({
      seq: seq++,
      at: '2026-01-01T00:00:00.000Z',
      event,
    }));
    for (const entry of entries) records.add(entry);
    picture.add({ entries, jobs: records.list(), view });
  }
  return picture;
}

describe('the score of a job that was resumed', () => {
  const first = [recommended, started(false), reached(0.6), interrupted];

  it('is the one that it had reached before', () => {
    expect(pictureOf([recommended, started(false)]).row(JOB).score).toBeUndefined();
    expect(pictureOf(first, [started(true)]).row(JOB)).toMatchObject({ state: 'running', score: 0.6 });
    expect(pictureOf([...first, started(true)]).row(JOB).score).toBe(0.6);
  });

  it('is the better one that it reaches then', () => {
    expect(pictureOf(first, [started(true), reached(0.7)]).row(JOB).score).toBe(0.7);
  });
});
