import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { FaultError, type Fault } from '../../common/fault.ts';
import { parseNiftiHeader } from '../../common/imaging/nifti-header.ts';
import { readVoxels } from '../../common/imaging/nifti-voxels.ts';
import { isJsonObject, type JsonObject } from '../../common/json.ts';

/** Labels that are looked at: a class that none of them holds is rare enough to be named by hand. */
const MOST_LABELS = 32;

/**
 * The number of classes with the background, from the label files themselves: the largest voxel value plus one. For data
 * lists that do not name their labels.
 */
export async function countClasses(list: JsonObject, dataRoot: string): Promise<number> {
  const cases = Object.values(list).flatMap((value) => (Array.isArray(value) ? value : []));
  const labels = cases.flatMap((item) =>
    isJsonObject(item) && typeof item.label === 'string' ? [item.label] : [],
  );
  let largest = 0;
  for (const label of labels.slice(0, MOST_LABELS))
    largest = Math.max(largest, await largestValue(dataRoot, label));
  return Math.max(2, Math.round(largest) + 1);
}

async function largestValue(dataRoot: string, name: string): Promise<number> {
  const bytes = await readImageBytes(join(dataRoot, name), name);
  const header = parseNiftiHeader(bytes);
  const voxels = header.ok ? readVoxels(header.value, bytes) : header;
  if (!voxels.ok) throw new FaultError(...voxels.faults.map((fault): Fault => ({ ...fault, file: name })));
  return voxels.value.reduce((largest, value) => (value > largest ? value : largest), 0);
}

async function readImageBytes(file: string, name: string): Promise<Uint8Array> {
  try {
    const bytes = await readFile(file);
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new FaultError({
      code: code === 'ENOENT' ? 'image-missing' : 'image-unreadable',
      message:
        code === 'ENOENT'
          ? 'The label is not there.'
          : `The label cannot be read (${code ?? 'unknown error'}).`,
      file: name,
    });
  }
}
