import { z } from 'zod';
import type { Fault } from '../fault.ts';
import type { Json } from '../json.ts';
import { faultsOfIssues } from './schema-faults.ts';

const seconds = z.number().positive();

/**
 * What a search is started with when nobody says otherwise: `engine` in config_automl.json. The names are those of Clara's
 * Engine and of `--set`, which comes before it.
 */
export const engineSettingsSchema = z.strictObject({
  workers: z
    .union([z.string().min(1), z.int().nonnegative()])
    .optional()
    .describe('":" between workers, "," between the GPUs of one, cpu for the CPU: "0:0:1,2"'),
  max_job_run_time: seconds.optional().describe('seconds after which a job ends as timeout'),
  max_sys_run_time: seconds
    .optional()
    .describe('seconds after which a run is interrupted; it can be resumed'),
  job_poll_interval: seconds.optional().describe("seconds between two reports of the run's progress"),
});

/** The settings as a run takes them. */
export interface EngineSettings {
  readonly workers?: string;
  readonly maxJobRunTime?: number;
  readonly maxSysRunTime?: number;
  readonly jobPollInterval?: number;
}

/** Reads `engine` of a config_automl, its variables filled in. What is wrong is reported, and left out. */
export function readEngineSettings(
  json: Json | undefined,
  file: string,
  report: (fault: Fault) => void,
): EngineSettings {
  if (json === undefined) return {};
  const parsed = engineSettingsSchema.safeParse(json, { reportInput: true });
  if (!parsed.success) {
    const { shape } = engineSettingsSchema;
    faultsOfIssues(parsed.error, { file, path: ['engine'], known: Object.keys(shape), shape }).forEach(
      report,
    );
    return {};
  }
  const { workers, max_job_run_time, max_sys_run_time, job_poll_interval } = parsed.data;
  return {
    ...(workers === undefined ? {} : { workers: String(workers) }),
    ...(max_job_run_time === undefined ? {} : { maxJobRunTime: max_job_run_time }),
    ...(max_sys_run_time === undefined ? {} : { maxSysRunTime: max_sys_run_time }),
    ...(job_poll_interval === undefined ? {} : { jobPollInterval: job_poll_interval }),
  };
}
