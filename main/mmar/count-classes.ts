import { join } from 'node:path';
import { isJsonObject, type JsonObject } from '../../common/json.ts';
import { readStored } from '../imaging/read-volume.ts';

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
  const { voxels, slope, intercept } = await readStored({ file: join(dataRoot, name), name });
  let largest = 0;
  for (const stored of voxels) {
    const value = stored * slope + intercept;
    // which NaN is not
    if (value > largest) largest = value;
  }
  return largest;
}
