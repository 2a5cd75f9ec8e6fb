import { z } from 'zod';

/** `paused`: it takes no new job, though the one that it has goes on. */
export const workerState = z.enum(['idle', 'busy', 'paused']);
export type WorkerState = z.output<typeof workerState>;

/** A worker of a run. */
export const workerStatus = z.object({
  name: z.string().describe('W1, W2, ...'),
  devices: z.array(z.string()).readonly().describe('GPU ids; empty for the CPU'),
  state: workerState,
  busy: z.boolean().describe('it has a job, perhaps its last one before it rests'),
  job: z.string().optional().describe('the job that it has'),
});
export type WorkerStatus = Readonly<z.output<typeof workerStatus>>;

/** The workers of a run, and whether the run as a whole is paused: then none of them takes a new job. */
export const runWorkers = z.object({
  isPaused: z.boolean(),
  workers: z.array(workerStatus).readonly(),
});
export type RunWorkers = Readonly<z.output<typeof runWorkers>>;
