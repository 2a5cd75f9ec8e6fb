import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { lockRun, type RunLock } from '../journal/run-lock.ts';
import { withFileFaults } from '../node/file-fault.ts';
import { processTable } from '../node/process-table.ts';
import { requireWritePlace } from '../mmar/trust/write-places.ts';
import { findMmarOption, findModelFolder, findWriteTo } from './check-before-training.ts';

const LOCK = 'train.lock';

/**
 * Makes sure that nobody else trains into the folder for models: two trainings would take each other's checkpoints.
 * Undefined where the options name no MMAR, or for `--check`, which writes nothing.
 *
 * @param args what follows `outerloop train`
 * @throws FaultError `run-locked` that says which process trains there; `path-not-allowed` where a config leads out of the MMAR
 */
export async function lockModels(args: readonly string[]): Promise<RunLock | undefined> {
  const mmarRoot = findMmarOption(args);
  const place = await findModelFolder(args);
  const isQuestion = ['--check', '--help', '-h'].some((option) => args.includes(option));
  if (place === undefined || mmarRoot === undefined || isQuestion || !existsSync(mmarRoot)) return undefined;
  const { folder, isAsked } = place;
  const where = { file: 'config/environment.json', path: ['MMAR_CKPT_DIR'] };
  if (!isAsked) await requireWritePlace(folder, mmarRoot, findWriteTo(args), where);
  const label = basename(folder);
  await withFileFaults(label, () => mkdir(folder, { recursive: true }));
  return lockRun(join(folder, LOCK), processTable, `${label}/${LOCK}`, `The folder ${label}`);
}
