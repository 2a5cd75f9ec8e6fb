import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../../common/run/journal-event.ts';
import { JobRecords } from '../../../common/run/job-record.ts';
import { rankJobs } from '../../../common/run/rank-jobs.ts';

const started = (job: string, recommendationId: number, resume = false): JournalEvent => ({
  type: 'job_started',
  job,
  recommendationId,
  lease: { worker: 'W1', devices: ['0'], threads: 2 },
  resume,
  concrete: { a: 0.5 },
});

function read(...events: JournalEvent[]): JobRecords {
  const records = new JobRecords();
  const recommended: JournalEvent = {
    type: 'recommendations',
    cause: 'initial',
    round: 1,
    recommendations: [
      { id: 0, values: { a: 0.5 } },
      { id: 1, values: { a: 0.7 } },
    ],
  };
  [recommended, ...events].forEach((event, index) =>
    records.add({ seq: index + 1, at: `2020-01-01T00:00:0${index}.000Z`, event }),
  );
  return records;
}

describe('the jobs of a run, as its journal tells', () => {
  it('have all that is known of them', () => {
    const records = read(
      started('W1_1_J1', 0),
      { type: 'job_progress', job: 'W1_1_J1', progress: { epoch: 1, loss: 2 } },
      { type: 'job_progress', job: 'W1_1_J1', progress: { epoch: 2 } },
    );
    expect(records.get('W1_1_J1')).toEqual({
      job: 'W1_1_J1',
      worker: 'W1',
      devices: ['0'],
      recommendationId: 0,
      round: 1,
      values: { a: 0.5 },
      concrete: { a: 0.5 },
      state: 'running',
      startedAt: '2020-01-01T00:00:01.000Z',
      seconds: 0,
      attempts: 1,
      progress: { epoch: 2, loss: 2 },
    });
  });

  it('add up over interruptions', () => {
    const records = read(
      started('W1_1_J1', 0),
      { type: 'job_interrupted', job: 'W1_1_J1', reason: 'stop', seconds: 30 },
      started('W1_1_J1', 0, true),
      { type: 'job_ended', job: 'W1_1_J1', status: 'completed', score: 0.9, seconds: 12, bestEpoch: 3 },
    );
    const [record] = records.list();
    expect(record).toMatchObject({ state: 'completed', score: 0.9, seconds: 42, attempts: 2, bestEpoch: 3 });
    expect(record).toMatchObject({
      startedAt: '2020-01-01T00:00:01.000Z',
      endedAt: '2020-01-01T00:00:04.000Z',
    });
    expect(record).not.toHaveProperty('reason');
  });

  it('cannot end before they start, nor start without a recommendation', () => {
    expect(() => read({ type: 'job_ended', job: 'W1_1_J1', status: 'completed', seconds: 1 })).toThrow(
      'W1_1_J1 is mentioned before it was started',
    );
    expect(() => read(started('W1_1_J1', 5))).toThrow('W1_1_J1 was started without a recommendation');
  });

  it('are ranked by score, then by number, those without a score last', () => {
    const jobs = [
      { job: 'W1_1_J1' },
      { job: 'W1_10_J10', score: 1 },
      { job: 'W1_2_J2', score: 1 },
      { job: 'W1_3_J3', score: -5 },
      { job: 'W2_1_J4' },
    ];
    expect(rankJobs(jobs).map(({ job }) => job)).toEqual([
      'W1_2_J2',
      'W1_10_J10',
      'W1_3_J3',
      'W1_1_J1',
      'W2_1_J4',
    ]);
  });
});
