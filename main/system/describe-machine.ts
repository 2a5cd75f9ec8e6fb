import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { arch, availableParallelism, cpus, freemem, release, totalmem, type } from 'node:os';
import { dirname } from 'node:path';
import type { DefectLine, Diagnostics, DiskState } from '../../common/api/system.ts';
import { describePlace, redactUser } from '../library/describe-place.ts';
import type { Defect } from '../node/defect-log.ts';
import { programVersion } from '../node/program-version.ts';

const MOST_DEFECTS = 20;

/** The versions that a report of a problem has to name. */
export function describeVersions(onnxruntime: string | undefined): Diagnostics['versions'] {
  const { electron, chrome } = process.versions;
  return [
    { name: 'Outerloop', version: programVersion() },
    { name: 'Node', version: process.versions.node },
    { name: 'ONNX Runtime', version: onnxruntime ?? 'unknown' },
    ...(electron === undefined ? [] : [{ name: 'Electron', version: electron }]),
    ...(chrome === undefined ? [] : [{ name: 'Chromium', version: chrome }]),
    { name: 'SQLite', version: process.versions.sqlite ?? 'unknown' },
  ];
}

export function describeMachine(): Diagnostics['machine'] {
  return {
    system: `${type()} ${release()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
  };
}

/** The disks that hold something of ours; a folder that is not there counts as the nearest one above it. */
export async function describeDisks(
  folders: readonly { readonly holds: string; readonly folder: string }[],
): Promise<DiskState[]> {
  return Promise.all(
    folders.map(async ({ holds, folder }) => {
      const { bavail, bsize, blocks } = await statNearest(folder);
      return { holds, place: describePlace(folder), freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    }),
  );
}

async function statNearest(folder: string): Promise<StatsFs> {
  try {
    return await statfs(folder);
  } catch (error) {
    if (dirname(folder) === folder) throw error;
    return statNearest(dirname(folder));
  }
}

/** What went wrong since the start, newest first, without names of the user. */
export function describeDefects(defects: readonly Defect[]): DefectLine[] {
  return defects.slice(0, MOST_DEFECTS).map(({ at, correlation, operation, message }) => ({
    at,
    correlation,
    operation,
    message: redactUser(message),
  }));
}
