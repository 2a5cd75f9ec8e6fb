import { jobRow, type JobRow } from '../../../../common/api/runs.ts';

/** A job's row as main sends it. */
export function makeRow(number: number, more: Partial<JobRow> = {}): JobRow {
  return jobRow.parse({
    job: `W1_${number}_J${number}`,
    number,
    worker: 'W1',
    devices: [],
    round: 1,
    state: 'completed',
    startedAt: '2026-01-01T00:00:00.000Z',
    seconds: 60,
    attempts: 1,
    values: {},
    ...more,
  });
}
