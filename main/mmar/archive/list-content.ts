import { lstat, readdir } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { FaultError } from '../../../common/fault.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../common/json.ts';
import { findCaseFiles, readDataList, readJsonObject } from './find-case-files.ts';
import { isVolumeFile, OWN_FOLDERS } from './image-files.ts';
import { isSamplePicture } from '../../../common/mmar/sample-overlays.ts';

/** What a training or a run leaves behind while it is at work; event files hold the computer's name. */
const LEFT_OVER = /^(resume\.pt|trainer\.pid|train\.lock|run\.lock|stop\.request|events\.out\..*)$/;

/** Of trainings and runs: what was done, with the folders of this machine. */
const LOG = /^(log\.txt|trace\.log)$/;

/** Beside the config of a job: segmentations of a site's cases. */
const EVALUATED = 'eval';

/** What of an MMAR is taken. */
export interface ContentChoice {
  /** The runs of its searches too; false when left out. */
  readonly withRuns?: boolean;
  /** models/ too; true when left out. */
  readonly withModels?: boolean;
  /** Logs of trainings and runs too, which name folders of this machine; false when left out. */
  readonly withLogs?: boolean;
  /**
   * Medical images that are no cases of the data list, such as an atlas: `none` when left out, those in the MMAR's own
   * folders (config/, resources/, custom/ and so on), or `all`.
   */
  readonly images?: 'none' | 'own-folders' | 'all';
}

/** What of an MMAR is taken, and which images and how many logs are not. */
export interface Content {
  readonly files: readonly ContentFile[];
  /** Medical images that {@link ContentChoice.images} leaves out; no cases of the data list. Relative, with `/`. */
  readonly imagesLeft: readonly string[];
  /** Logs that {@link ContentChoice.withLogs} leaves out. */
  readonly logsLeft: number;
}

/** A file of an MMAR. */
export interface ContentFile {
  /** Relative to the MMAR, with `/`. */
  readonly path: string;
  readonly sizeBytes: number;
}

/**
 * The files that are an MMAR's own, by path: no runs, no data that stands inside it, no images, no output of evaluations,
 * no pictures of patients that a training drew, nothing that is hidden or that a training at work has left.
 *
 * @throws FaultError `archive` for a link, which would lead somewhere else elsewhere
 */
export async function listContent(
  mmarRoot: string,
  { withRuns = false, withModels = true, withLogs = false, images = 'none' }: ContentChoice = {},
): Promise<Content> {
  const excluded = await findExcluded(mmarRoot, withRuns, withModels);
  const files: ContentFile[] = [];
  const imagesLeft: string[] = [];
  let logsLeft = 0;
  const walk = async (folder: string): Promise<void> => {
    const names = (await readdir(folder)).sort();
    const isJob = folder !== mmarRoot && names.includes('config');
    for (const name of names) {
      if (isJob && name === EVALUATED) continue;
      const file = join(folder, name);
      if (name.startsWith('.') || LEFT_OVER.test(name) || excluded.has(file)) continue;
      const found = await lstat(file);
      const path = relative(mmarRoot, file).split(sep).join('/');
      if (isSamplePicture(path)) continue;
      if (found.isDirectory()) await walk(file);
      else if (!found.isFile()) throw noFile(path);
      else if (!withLogs && LOG.test(name)) logsLeft++;
      else if (await isLeftImage(file, path, images)) imagesLeft.push(path);
      else files.push({ path, sizeBytes: found.size });
    }
  };
  await walk(mmarRoot);
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), imagesLeft: imagesLeft.sort(), logsLeft };
}

/** Below a run, the folders of its jobs are own folders too. */
async function isLeftImage(
  file: string,
  path: string,
  images: NonNullable<ContentChoice['images']>,
): Promise<boolean> {
  if (images === 'all' || !(await isVolumeFile(file))) return false;
  const isOwn = path
    .split('/')
    .slice(0, -1)
    .some((folder) => OWN_FOLDERS.includes(folder));
  return images === 'none' || !isOwn;
}

async function findExcluded(
  mmarRoot: string,
  withRuns: boolean,
  withModels: boolean,
): Promise<ReadonlySet<string>> {
  const environment = await readJsonObject(join(mmarRoot, 'config/environment.json'));
  const automl = await readJsonObject(join(mmarRoot, 'config/config_automl.json'));
  const list = await readDataList(mmarRoot, environment);
  const paths = [
    ...(withRuns ? [] : ['automl', findWorkDir(automl)]),
    ...(withModels ? [] : ['models', environment.MMAR_CKPT_DIR]),
    environment.MMAR_EVAL_OUTPUT_PATH ?? 'eval',
    environment.DATA_ROOT,
    environment.DATASET_JSON,
    ...findCaseFiles(mmarRoot, environment, list),
  ];
  return new Set(
    paths
      .filter((path) => typeof path === 'string')
      .map((path) => resolve(mmarRoot, path))
      .filter((path) => path !== mmarRoot && isInside(mmarRoot, path)),
  );
}

function findWorkDir({ handlers }: JsonObject): Json | undefined {
  const nodes: readonly Json[] = Array.isArray(handlers) ? handlers : [];
  const handler = nodes.find((node) => isJsonObject(node) && node.name === 'MMARHandler');
  return isJsonObject(handler) && isJsonObject(handler.args) ? handler.args.work_dir : undefined;
}

/** True for a path below a folder, or the folder itself. */
export function isInside(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
}

function noFile(path: string): FaultError {
  return new FaultError({
    code: 'archive',
    file: path,
    message: 'This is a link or something else that is no file, and cannot go with the MMAR.',
    allowed: 'files and folders',
  });
}
