import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { constants } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { FaultError } from '../../common/fault.ts';
import type { JsonObject } from '../../common/json.ts';
import { isSamplePicture } from '../../common/mmar/sample-overlays.ts';
import { findCaseFiles, readDataList } from '../mmar/archive/find-case-files.ts';
import { isVolumeFile, OWN_FOLDERS } from '../mmar/archive/image-files.ts';
import { CODE_FOLDERS } from '../mmar/trust/list-user-code.ts';
import { withFileFaults } from '../node/file-fault.ts';
import { folderExists } from '../node/folder-exists.ts';
import { writeAtomic } from '../node/write-atomic.ts';
import { placeCode, type CodeSnapshot } from './code-snapshot.ts';
import { isOutside, makeJobEnvironment } from './job-environment.ts';
import { JOB_FILES } from './run-folder.ts';
import type { SearchedMmar } from './searched-mmar.ts';

/** What of an MMAR makes a job: its code and configs. */
export const KEY_CONTENT: readonly string[] = ['config', 'commands', 'resources', 'custom'];
/** What a training writes, and must not find: it would be taken for a result of the job. */
const LEFT_OVER = /^(train_stats\.json|resume\.pt|train\.lock|events\.out\..*)$/;

/** A job's MMAR to be made. */
export interface JobFolderRequest {
  readonly mmar: SearchedMmar;
  /** Absolute path of the job's MMAR. */
  readonly jobRoot: string;
  /** The job's config_train.json. */
  readonly trainConfig: JsonObject;
  /** The code of the run, in place of what the MMAR has by now. */
  readonly code: CodeSnapshot;
  /** Copy configs, commands, resources and custom code only; else everything but data, runs and results. */
  readonly keyContentOnly: boolean;
}

/**
 * Makes the MMAR of a job: a copy with the job's own config_train.json. It appears complete or not at all.
 *
 * @throws FaultError `already-exists`; and for a disk that is full or read-only
 */
export async function makeJobFolder(request: JobFolderRequest): Promise<void> {
  const { mmar, jobRoot, trainConfig } = request;
  const name = basename(jobRoot);
  const draft = join(dirname(jobRoot), `.${name}.new`);
  if (await folderExists(jobRoot))
    throw new FaultError({
      code: 'already-exists',
      file: name,
      message: 'The folder of the job exists already.',
    });
  await withFileFaults(name, async () => {
    await rm(draft, { recursive: true, force: true });
    try {
      await copyContent(request, draft);
      await placeCode(request.code, draft);
      await mkdir(join(draft, 'config'), { recursive: true });
      const environment = makeJobEnvironment(mmar.environment, mmar.root, jobRoot);
      await writeAtomic(join(draft, JOB_FILES.trainConfig), formatJson(trainConfig));
      await writeAtomic(join(draft, JOB_FILES.environment), formatJson(environment));
      await rename(draft, jobRoot);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw error;
    }
  });
}

async function copyContent(
  { mmar, keyContentOnly, jobRoot }: JobFolderRequest,
  draft: string,
): Promise<void> {
  await mkdir(draft, { recursive: true });
  const present = await readdir(mmar.root);
  const names = keyContentOnly ? present.filter((name) => KEY_CONTENT.includes(name)) : present;
  const excluded = await findExcluded(mmar, jobRoot);
  const isOwnData = isDataRoot(mmar);
  for (const name of names) {
    await cp(join(mmar.root, name), join(draft, name), {
      recursive: true,
      mode: constants.COPYFILE_FICLONE,
      filter: async (source) =>
        !excluded.has(resolve(source)) &&
        !isLeftOver(mmar.root, source) &&
        !(isOwnData && (await isLooseImage(mmar.root, source))),
    });
  }
}

/** The runs, the results, and data that stands inside the MMAR: the job's environment leads to it. */
async function findExcluded(
  { root, environment }: SearchedMmar,
  jobRoot: string,
): Promise<ReadonlySet<string>> {
  const runs = dirname(dirname(jobRoot));
  const { MMAR_EVAL_OUTPUT_PATH: output = 'eval', DATA_ROOT: dataRoot } = environment;
  const cases = findCaseFiles(root, environment, await readDataList(root, environment));
  const paths = [runs, 'automl', ...CODE_FOLDERS, output, dataRoot, ...cases];
  return new Set(
    paths
      .filter((path) => typeof path === 'string')
      .map((path) => resolve(root, path))
      .filter((path) => path !== root && !isOutside(relative(root, path))),
  );
}

/** True when the data stands among the MMAR's own files. */
function isDataRoot({ root, environment }: SearchedMmar): boolean {
  const { DATA_ROOT: dataRoot } = environment;
  return typeof dataRoot === 'string' && resolve(root, dataRoot) === resolve(root);
}

async function isLooseImage(root: string, source: string): Promise<boolean> {
  const [folder] = relative(root, source).split(sep);
  return !OWN_FOLDERS.includes(folder!) && (await isVolumeFile(source));
}

function isLeftOver(root: string, source: string): boolean {
  const path = relative(root, source);
  return dirname(path) !== '.' && (LEFT_OVER.test(basename(path)) || isSamplePicture(path));
}

function formatJson(json: JsonObject): string {
  return `${JSON.stringify(json, undefined, 2)}\n`;
}
