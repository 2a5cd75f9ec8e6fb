import { z } from 'zod';

/** Names an MMAR that this machine knows; main maps it to a folder, which the window never sees as a key. */
export const mmarId = z
  .string()
  .regex(/^[a-z0-9]{8,64}$/)
  .brand<'MmarId'>();
export type MmarId = z.output<typeof mmarId>;

/** The name of a run: its folder in automl/. */
export const runName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^/\\\0]+$/)
  .refine((name) => name !== '.' && name !== '..', { error: 'is no name of a folder' });

/** The name of a job within its run, `W1_2_J5`. */
export const jobName = runName;

/** A file within an MMAR: relative, `/` between folders, never upwards. */
export const mmarPath = z
  .string()
  .max(1024)
  .refine((path) => path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'), {
    error: 'has to be relative, with / between folders and none that goes upwards',
  })
  .refine((path) => !/[\\\0]/.test(path) && !/^[A-Za-z]:/.test(path), { error: 'is no path within an MMAR' });

export const runRef = z.object({ mmar: mmarId, run: runName });
export const jobRef = runRef.extend({ job: jobName });
