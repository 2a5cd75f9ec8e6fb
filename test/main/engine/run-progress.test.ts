import { describe, expect, it } from 'vitest';
import { describeRunProgress } from '../../../main/engine/run-progress.ts';
import { emptyRunState, type RunState, type Waiting } from '../../../main/engine/run-state.ts';

const waiting = (count: number): readonly Waiting[] =>
  Array.from({ length: count }, (_, id) => ({ recommendation: { id, values: {} }, round: 1 }));
const state = (changes: Partial<RunState>): RunState => ({ ...emptyRunState, ...changes });

describe('the time that a run has left', () => {
  it('is unknown before anything is known of a job', () => {
    expect(describeRunProgress(state({ waiting: waiting(3) }), [{ secondsElapsed: 5 }], 1, 5)).toEqual({
      jobsDone: 0,
      jobsRunning: 1,
      jobsWaiting: 3,
      secondsElapsed: 5,
    });
  });

  it('comes from the jobs that have ended', () => {
    // Two jobs took 100 s each: two more to start, one running for 40 s, on two workers.
    const ended = state({ jobsEnded: 2, secondsOfEnded: 200, jobsPlanned: 5, waiting: waiting(1) });
    expect(describeRunProgress(ended, [{ secondsElapsed: 40 }], 2, 0).secondsLeft).toBe((60 + 200) / 2);
  });

  it('comes from what trainers say, before a job has ended', () => {
    const first = state({ jobsPlanned: 3 });
    const running = [{ secondsElapsed: 20, secondsLeft: 80 }];
    expect(describeRunProgress(first, running, 1, 0).secondsLeft).toBe(80 + 2 * 100);
  });

  it('is never less than what the slowest job needs', () => {
    const running = [
      { secondsElapsed: 0, secondsLeft: 90 },
      { secondsElapsed: 0, secondsLeft: 10 },
    ];
    expect(describeRunProgress(state({}), running, 2, 0).secondsLeft).toBe(90);
  });
});
