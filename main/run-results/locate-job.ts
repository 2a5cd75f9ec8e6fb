import { join } from 'node:path';
import { FaultError } from '../../common/fault.ts';
import { readBest } from '../automl/best-folder.ts';
import { folderExists } from '../node/folder-exists.ts';
import { runFile } from '../automl/run-folder.ts';

/**
 * The folder of a job's MMAR, absolute: its own, or `best/` when that is a copy of it and its own was deleted.
 *
 * @throws FaultError `file-missing` for a job whose folder was not kept
 */
export async function locateJob(runRoot: string, job: string): Promise<string> {
  const own = join(runRoot, job);
  if (await folderExists(own)) return own;
  const best = runFile(runRoot, 'best');
  if ((await readBest(best))?.job === job) return best;
  throw new FaultError({
    code: 'file-missing',
    file: job,
    message: 'The folder of this job was not kept.',
    allowed: 'num_mmars_to_keep of the MMARHandler says how many of the best stay',
  });
}
