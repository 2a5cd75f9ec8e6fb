import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { artifactPathOf } from '../artifacts/artifact-path.ts';
import { copyArtifact } from '../project-run/copy-artifact.ts';
import type { TrackingStore } from '../store/tracking-store.ts';
import type { ImportedFiles } from './import-source.ts';
import { isProxied } from './locate-files.ts';

/** How far above the files of a run or model the folder of its store is, at most. */
const LEVELS = 3;

/**
 * Copies the files of a run or a model into this store, those that are there already excepted.
 *
 * @param to where they belong here, as MLflow names it
 * @param report told why there are none
 * @returns how many files there are now
 */
export async function copyFiles(
  store: TrackingStore,
  files: ImportedFiles,
  to: string,
  report: (what: string) => void,
): Promise<number> {
  const target = artifactPathOf(to);
  if (target === undefined) {
    report(
      `its experiment keeps files at ${to.split('/').slice(0, 3).join('/')}, outside of this store: they were not copied`,
    );
    return 0;
  }
  if ('elsewhere' in files) {
    report(describeElsewhere(files.elsewhere));
    return 0;
  }
  const { folder } = files;
  if (await isGone(folder)) {
    report('its files are in a folder that is not on this machine: they were not copied');
    return 0;
  }
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let count = 0;
  for (const entry of entries.filter((item) => item.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(folder, file).split(sep).join('/');
    if (await copyArtifact(file, store.artifacts.resolve(`${target}/${path}`))) count++;
  }
  return count;
}

function describeElsewhere(place: string): string {
  return isProxied(place)
    ? 'its files were taken by its server and are not beside the database: --artifacts names their folder; they were not copied'
    : `its files are at ${place}, which is not read from here: they were not copied`;
}

/** A run without files has no folder, but the store that it is in has one. */
async function isGone(folder: string): Promise<boolean> {
  for (let at = folder, level = 0; level <= LEVELS; level++, at = dirname(at))
    if (await stat(at).catch(() => undefined)) return false;
  return true;
}
