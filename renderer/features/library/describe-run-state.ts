import type { RunState } from '../../../common/api/runs.ts';

/** How the state of a run is said and coloured everywhere. */
export interface DescribedRunState {
  readonly label: string;
  readonly tone: 'neutral' | 'accent' | 'ok' | 'warn' | 'error';
  readonly isLive: boolean;
}

const states: Readonly<Record<RunState, DescribedRunState>> = {
  running: { label: 'Running', tone: 'accent', isLive: true },
  completed: { label: 'Completed', tone: 'ok', isLive: false },
  stopped: { label: 'Stopped', tone: 'neutral', isLive: false },
  interrupted: { label: 'Interrupted', tone: 'warn', isLive: false },
  killed: { label: 'Died', tone: 'error', isLive: false },
  failed: { label: 'Failed', tone: 'error', isLive: false },
};

export const describeRunState = (state: RunState): DescribedRunState => states[state];
