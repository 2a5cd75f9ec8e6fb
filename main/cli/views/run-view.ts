import type { RunObservation } from '../../../common/run/run-observation.ts';

/** Shows a run while it goes on. */
export interface RunView {
  observe(observation: RunObservation): void;
  /** Leaves the output in order: nothing of the view is redrawn after it. */
  close(): void;
}
