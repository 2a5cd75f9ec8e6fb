import type { JobRow, RunHead } from '../../../common/api/runs.ts';
import type { JobState } from '../../../common/run/job-status.ts';
import type { SearchParameter } from '../../../common/search-space/search-space.ts';
import { describeChoice, formatValue } from '../../../common/charts/parameter-axis.ts';

export interface DescribedState {
  readonly label: string;
  readonly tone: 'neutral' | 'accent' | 'ok' | 'warn' | 'error';
}

const states: Readonly<Record<JobState, DescribedState>> = {
  running: { label: 'Running', tone: 'accent' },
  completed: { label: 'Completed', tone: 'ok' },
  failed: { label: 'Failed', tone: 'error' },
  diverged: { label: 'Diverged', tone: 'error' },
  timeout: { label: 'Timeout', tone: 'warn' },
  aborted: { label: 'Aborted', tone: 'warn' },
  interrupted: { label: 'Interrupted', tone: 'warn' },
};

export const describeJobState = (state: JobState): DescribedState => states[state];

/** How far the training is, 0 to 1; undefined where it is not known. */
export function progressOf({
  state,
  epoch,
  epochs,
  iteration,
  iterationsPerEpoch,
}: JobRow): number | undefined {
  if (state === 'completed') return 1;
  if (epoch === undefined || epochs === undefined || epochs === 0) return undefined;
  // While an epoch goes on it is not done.
  const within =
    state === 'running' &&
    iteration !== undefined &&
    iterationsPerEpoch !== undefined &&
    iterationsPerEpoch > 0
      ? iteration / iterationsPerEpoch - 1
      : 0;
  return Math.min(1, Math.max(0, (epoch + within) / epochs));
}

/** Jobs of a run that have ended, however they did; interrupted ones go on. */
export function countEnded({ completed, failed, aborted, timeout, diverged }: RunHead['jobs']): number {
  return completed + failed + aborted + timeout + diverged;
}

/** Seconds of all attempts, the running one included. @param nowMs as Date.now() */
export function secondsOf({ seconds, runningSince }: JobRow, nowMs: number): number {
  if (runningSince === undefined) return seconds;
  return seconds + Math.max(0, nowMs - Date.parse(runningSince)) / 1000;
}

/** `GPU 0`, `GPU 0, 1`, `CPU`. */
export function describeDevices(devices: readonly string[]): string {
  return devices.length === 0 ? 'CPU' : `GPU ${devices.join(', ')}`;
}

/** A value that a job tried, in the config's own terms. */
export function describeParameterValue(parameter: SearchParameter, value: number | undefined): string {
  if (value === undefined) return '–';
  if ('choices' in parameter) return describeChoice(parameter.choices[value] ?? []);
  return parameter.type === 'int' ? String(value) : formatValue(value);
}
