import { z } from 'zod';

/**
 * How a job can end. `aborted`: somebody stopped this job; `timeout`: it ran too long or said nothing for too long;
 * `diverged`: its loss or its metric became NaN or infinite.
 */
export const jobStatus = z.enum(['completed', 'failed', 'aborted', 'timeout', 'diverged']);
export type JobStatus = z.output<typeof jobStatus>;

/** How a job stands: as {@link jobStatus}, or not ended yet. An interrupted one is run again when the run resumes. */
export const jobState = z.enum([...jobStatus.options, 'running', 'interrupted']);
export type JobState = z.output<typeof jobState>;

/**
 * How a run can end. `completed`: the controller had nothing more to try; `stopped`: a component asked for the end, for
 * example because the wanted score was reached; `interrupted`: the user or a time limit stopped it, and it can be
 * resumed; `failed`: the outer loop itself could not go on.
 */
export const runStatus = z.enum(['completed', 'stopped', 'interrupted', 'failed']);
export type RunStatus = z.output<typeof runStatus>;
