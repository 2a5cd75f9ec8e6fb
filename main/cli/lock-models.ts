import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { lockRun, type RunLock } from '../journal/run-lock.ts';
import { withFileFaults } from '../node/file-fault.ts';
import { processTable } from '../node/process-table.ts';
import { findMmarOption, findModelFolder } from './check-before-training.ts';

const LOCK = 'train.lock';

/**
 * Makes sure that nobody else trains into the folder for models: two trainings would take each other's checkpoints.
 * Undefined where the options name no MMAR, or for `--check`, which writes nothing.
 *
 * @param args what follows `outerloop train`
 * @throws FaultError `run-locked` that says which process trains there
 */
export async function lockModels(args: readonly string[]): Promise<RunLock | undefined> {
  const mmarRoot = findMmarOption(args);
  const folder = await findModelFolder(args);
  const isAsked = ['--check', '--help', '-h'].some((option) => args.includes(option));
  if (folder === undefined || mmarRoot === undefined || isAsked || !existsSync(mmarRoot)) return undefined;
  const label = basename(folder);
  await withFileFaults(label, () => mkdir(folder, { recursive: true }));
  return lockRun(join(folder, LOCK), processTable, `${label}/${LOCK}`, `The folder ${label}`);
}
