import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FaultError } from '../../common/fault.ts';
import { readMmarHandlerArgs } from './make-components.ts';
import { readAutomlConfig } from './prepare-run.ts';
import { runFile } from './run-folder.ts';

/**
 * The folder that holds the runs of an MMAR, absolute: `work_dir` of its config_automl.json; `automl` where that file is
 * missing or broken.
 */
export async function findWorkFolder(mmarRoot: string, automlConf?: string): Promise<string> {
  const overrides = { texts: {}, values: {} };
  const request = { mmarRoot, overrides, ...(automlConf === undefined ? {} : { automlConf }) };
  try {
    return resolve(mmarRoot, readMmarHandlerArgs(await readAutomlConfig(request, overrides)).work_dir);
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    return join(mmarRoot, 'automl');
  }
}

/** A run of an MMAR: its name and its folder, absolute. */
export interface FoundRun {
  readonly runId: string;
  readonly runFolder: string;
}

/** The runs of an MMAR, the one that was written to last first. */
export async function findRuns(mmarRoot: string, automlConf?: string): Promise<readonly FoundRun[]> {
  const folder = await findWorkFolder(mmarRoot, automlConf);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const runs = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map(({ name }) => findRun(folder, name)),
  );
  return runs
    .filter((run) => run !== undefined)
    .sort((a, b) => b.changedMs - a.changedMs)
    .map(({ changedMs: _changedMs, ...run }) => run);
}

async function findRun(
  folder: string,
  runId: string,
): Promise<(FoundRun & { readonly changedMs: number }) | undefined> {
  const runFolder = join(folder, runId);
  try {
    const { mtimeMs } = await stat(runFile(runFolder, 'journal'));
    return { runId, runFolder, changedMs: mtimeMs };
  } catch {
    return undefined;
  }
}
