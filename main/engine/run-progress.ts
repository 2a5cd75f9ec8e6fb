import type { RunProgress } from '../../common/run/progress.ts';
import type { RunState } from './run-state.ts';

/** What a running job says of itself. */
export interface RunningJobTime {
  readonly secondsElapsed: number;
  /** As the trainer estimates it, where it does. */
  readonly secondsLeft?: number;
}

/** How far the run is, and how long it will take if further jobs take as long as the ones so far. */
export function describeRunProgress(
  state: RunState,
  running: readonly RunningJobTime[],
  numWorkers: number,
  secondsElapsed: number,
): RunProgress {
  const secondsLeft = estimateSecondsLeft(state, running, numWorkers);
  return {
    jobsDone: state.jobsEnded,
    jobsRunning: running.length,
    jobsWaiting: state.waiting.length + state.interrupted.length,
    ...(state.jobsPlanned === undefined ? {} : { jobsPlanned: state.jobsPlanned }),
    ...(state.best === undefined ? {} : { bestScore: state.best.score, bestJob: state.best.job }),
    secondsElapsed,
    ...(secondsLeft === undefined ? {} : { secondsLeft }),
  };
}

function estimateSecondsLeft(
  state: RunState,
  running: readonly RunningJobTime[],
  numWorkers: number,
): number | undefined {
  const perJob = estimateSecondsPerJob(state, running);
  if (perJob === undefined) return undefined;
  const known = state.jobsEnded + running.length + state.interrupted.length + state.waiting.length;
  const notStarted = Math.max(known, state.jobsPlanned ?? 0) - state.jobsEnded - running.length;
  const ofRunning = running.map(
    ({ secondsElapsed, secondsLeft }) => secondsLeft ?? Math.max(0, perJob - secondsElapsed),
  );
  const total = ofRunning.reduce((sum, seconds) => sum + seconds, 0) + notStarted * perJob;
  // Never less than what the slowest running job needs.
  return Math.max(total / Math.max(1, numWorkers), ...ofRunning);
}

function estimateSecondsPerJob(state: RunState, running: readonly RunningJobTime[]): number | undefined {
  if (state.jobsEnded > 0) return state.secondsOfEnded / state.jobsEnded;
  const estimates = running.flatMap(({ secondsElapsed, secondsLeft }) =>
    secondsLeft === undefined ? [] : [secondsElapsed + secondsLeft],
  );
  if (estimates.length === 0) return undefined;
  return estimates.reduce((sum, seconds) => sum + seconds, 0) / estimates.length;
}
