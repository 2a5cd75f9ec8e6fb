import { describe, expect, it } from 'vitest';
import { formatJobName, parseJobName } from '../../../common/run/job-name.ts';

describe("a job's name", () => {
  it("says worker, the worker's job and the run's job", () => {
    const parts = { worker: 1, workerJob: 2, number: 3 };
    expect(formatJobName(parts)).toBe('W1_2_J3');
    expect(parseJobName('W1_2_J3')).toEqual(parts);
    expect(parseJobName('W12_340_J1001')).toEqual({ worker: 12, workerJob: 340, number: 1001 });
  });

  it.each(['', 'best', 'W1_2', 'W0_1_J1', 'W01_1_J1', 'W1_1_J1.new', 'w1_1_j1'])('is not %j', (name) => {
    expect(parseJobName(name)).toBeUndefined();
  });
});
