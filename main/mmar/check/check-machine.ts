import { constants } from 'node:fs';
import { access, mkdtemp, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Fault } from '../../../common/fault.ts';
import { findFileFault } from '../../../common/file-fault.ts';
import type { Device } from '../../ports/devices.ts';
import { parseWorkers } from '../../scheduler/parse-workers.ts';

/** Less free space than this is said: a run of many jobs keeps a checkpoint, or several, of each. */
export const LITTLE_SPACE_BYTES = 2 * 2 ** 30;

/** Workers whose form is wrong, or that name a GPU that is not there. */
export function checkWorkers(workers: string, devices: readonly Device[]): readonly Fault[] {
  const parsed = parseWorkers(workers, devices);
  return parsed.ok ? [] : parsed.faults;
}

/**
 * Whether a folder can be written to, tried out in the folder itself or, where it is not there yet, in the nearest
 * one above it.
 *
 * @param name what faults call the folder
 */
export async function checkWritable(folder: string, name: string): Promise<Fault | undefined> {
  const place = await nearestFolder(folder);
  try {
    if (!(await stat(place)).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    await access(place, constants.W_OK);
    await rm(await mkdtemp(join(place, '.outerloop-write-test-')), { recursive: true });
    return undefined;
  } catch (error) {
    const fault = findFileFault(error, name);
    if (fault === undefined) throw error;
    if (fault.code === 'disk-full') return fault;
    const message = fault.code === 'file-unwritable' ? fault.message : 'It cannot be written to.';
    return { ...fault, code: 'file-unwritable', message, allowed: 'a folder that can be written to' };
  }
}

/** Says that there is little space on the disk of a folder. */
export async function checkSpace(
  folder: string,
  name: string,
  leastBytes = LITTLE_SPACE_BYTES,
): Promise<Fault | undefined> {
  const { bavail, bsize } = await statfs(await nearestFolder(folder));
  const free = bavail * bsize;
  if (free >= leastBytes) return undefined;
  const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  return {
    code: 'disk-full',
    file: name,
    message: `The disk has ${gib(free)} left.`,
    allowed: `${gib(leastBytes)} or more`,
  };
}

/** The folder, or the nearest one above it that exists. */
async function nearestFolder(folder: string): Promise<string> {
  try {
    await stat(folder);
    return folder;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if ((code !== 'ENOENT' && code !== 'ENOTDIR') || dirname(folder) === folder) return folder;
    return nearestFolder(dirname(folder));
  }
}
