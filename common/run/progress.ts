import { z } from 'zod';

/** How far a job's training is. Every field is what is known so far. */
export const jobProgress = z.object({
  epoch: z.int().optional().describe('1-based'),
  epochs: z.int().optional(),
  iteration: z.int().optional().describe('1-based within the epoch'),
  iterationsPerEpoch: z.int().optional(),
  loss: z.number().nullable().optional(),
  learningRate: z.number().optional(),
  metrics: z.record(z.string(), z.number().nullable()).optional().describe('of the last validation or epoch'),
  perClass: z.record(z.string(), z.array(z.number().nullable())).optional(),
  keyMetric: z.string().optional(),
  bestMetric: z.number().optional(),
  bestEpoch: z.int().optional(),
  secondsLeft: z.number().optional(),
  provider: z.string().optional().describe('where the training runs, e.g. cpu or cuda'),
});
export type JobProgress = z.output<typeof jobProgress>;

/** How far a run is. */
export interface RunProgress {
  readonly jobsDone: number;
  readonly jobsRunning: number;
  readonly jobsWaiting: number;
  /** How many the controller means to try in all, where it knows. */
  readonly jobsPlanned?: number;
  readonly bestScore?: number;
  readonly bestJob?: string;
  readonly secondsElapsed: number;
  readonly secondsLeft?: number;
}
