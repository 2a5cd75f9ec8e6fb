import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FaultError } from '../../common/fault.ts';
import { withFileFaults } from '../node/file-fault.ts';
import { folderExists } from '../node/folder-exists.ts';
import type { PreparedRun } from './prepare-run.ts';
import { runFile, RUN_FILES } from './run-folder.ts';
import { digest, readText } from './searched-mmar.ts';

/** Where the kept configs say what they are, within their folder. */
const INDEX = 'searched.json';
const ENVIRONMENT = 'config/environment.json';
/** A name that leads out of config/ leads nowhere here. */
const placeOf = (file: string): string => `config/${basename(file)}`;

/**
 * Copies what a run searches into its folder: the configs as they were written, search items included, laid out as the MMAR,
 * and the digest of the data list. A copy that is there stays: what was searched does not change when a run is resumed.
 *
 * @throws FaultError `run-changed` when the train config has changed since it was read
 */
export async function keepSearchedConfigs(
  { mmar, config }: Pick<PreparedRun, 'mmar' | 'config'>,
  runRoot: string,
): Promise<void> {
  const root = runFile(runRoot, 'searched');
  if (await folderExists(root)) return;
  const texts = await readConfigs(mmar.root, [mmar.trainConfigFile, config.file]);
  if (digest(texts.get(mmar.trainConfigFile)!) !== mmar.trainConfigDigest)
    throw new FaultError({
      code: 'run-changed',
      file: mmar.trainConfigFile,
      message: 'The train config has changed since the run began to start.',
      allowed: 'a new start of the run',
    });
  const index = {
    outerloop_searched: 1,
    config_train: placeOf(mmar.trainConfigFile),
    config_automl: placeOf(config.file),
    environment: texts.has(ENVIRONMENT) ? ENVIRONMENT : null,
    data_list: await describeDataList(mmar),
  };
  const draft = `${root}.new`;
  await withFileFaults(RUN_FILES.searched, async () => {
    await rm(draft, { recursive: true, force: true });
    await mkdir(join(draft, 'config'), { recursive: true });
    for (const [path, text] of texts) await writeFile(join(draft, placeOf(path)), text);
    await writeFile(join(draft, INDEX), `${JSON.stringify(index, undefined, 2)}\n`);
    await rename(draft, root);
  });
}

/** An MMAR may do without an environment. */
async function readConfigs(mmarRoot: string, files: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const file of files) texts.set(file, await readText(mmarRoot, file));
  try {
    texts.set(ENVIRONMENT, await readText(mmarRoot, ENVIRONMENT));
  } catch (error) {
    if (!(error instanceof FaultError) || error.faults[0]?.code !== 'file-missing') throw error;
  }
  return texts;
}

/** The data list that the environment names; null where there is none, or where a site has another way to say it. */
async function describeDataList({
  root,
  environment,
}: PreparedRun['mmar']): Promise<{ readonly file: string; readonly sha256: string } | null> {
  const { DATASET_JSON: file } = environment;
  if (typeof file !== 'string') return null;
  try {
    const hash = createHash('sha256');
    await pipeline(createReadStream(resolve(root, file)), hash);
    return { file, sha256: hash.digest('hex') };
  } catch {
    return null;
  }
}
