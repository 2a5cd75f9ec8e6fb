import { dirname, join } from 'node:path';
import { FaultError, type Fault } from '../../common/fault.ts';
import { voxelSizesMm } from '../../common/imaging/affine.ts';
import { orientationOf, parseAxisCodes, reorient } from '../../common/imaging/orientation.ts';
import { isJsonObject, type Json, type JsonObject } from '../../common/json.ts';
import { readImageGrid } from '../imaging/read-image-grid.ts';

/** What the images and labels of a data list are like: enough to fit a template to them. */
export interface CaseSurvey {
  /** Number of cases by key of the data list. */
  readonly counts: Readonly<Record<string, number>>;
  readonly channels: number;
  /** Classes with the background; undefined where the data list does not name them. */
  readonly classes?: number;
  /** Per image: sizes in voxels towards right, anterior and superior. */
  readonly shapes: readonly (readonly number[])[];
  /** Per image: voxel sizes in mm along the same axes. */
  readonly spacingsMm: readonly (readonly number[])[];
}

const RAS = parseAxisCodes('RAS')!;

/**
 * Reads the headers of all images that a data list names. Throws a FaultError with every image that is missing or
 * unreadable, and for a list without cases.
 *
 * @param list the parsed data list
 * @param dataRoot absolute folder that its paths start from
 * @param listName what faults call the list
 */
export async function surveyCases(list: JsonObject, dataRoot: string, listName: string): Promise<CaseSurvey> {
  const counts: Record<string, number> = {};
  const files = new Set<string>();
  let channels = 1;
  for (const [key, cases] of Object.entries(list)) {
    if (!Array.isArray(cases) || !cases.some((item) => imagesOf(item).length > 0)) continue;
    counts[key] = cases.length;
    for (const item of cases) {
      const images = imagesOf(item);
      channels = Math.max(channels, images.length);
      if (images[0] !== undefined) files.add(images[0]);
    }
  }
  if (files.size === 0) {
    throw new FaultError({
      code: 'data-list-empty',
      message: 'The data list names no images.',
      file: listName,
      allowed: '{"training": [{"image": ..., "label": ...}], "validation": [...]}',
    });
  }
  const headers = await readHeaders([...files], dataRoot);
  const classes = isJsonObject(list.labels) ? Object.keys(list.labels).length : undefined;
  return { counts, channels, classes, ...headers };
}

function imagesOf(item: Json): readonly string[] {
  if (typeof item === 'string') return [item];
  if (!isJsonObject(item)) return [];
  const images = Array.isArray(item.image) ? (item.image as readonly Json[]) : [item.image];
  return images.filter((image): image is string => typeof image === 'string');
}

async function readHeaders(
  files: readonly string[],
  dataRoot: string,
): Promise<Pick<CaseSurvey, 'shapes' | 'spacingsMm'>> {
  const shapes: (readonly number[])[] = [];
  const spacingsMm: (readonly number[])[] = [];
  const faults: Fault[] = [];
  for (const file of files) {
    const grid = await readImageGrid(join(dataRoot, file), file);
    if (!grid.ok) {
      faults.push(...grid.faults);
      continue;
    }
    const { affine, shape } = grid.value;
    const mm = voxelSizesMm(affine);
    const { order } = reorient(orientationOf(affine), RAS);
    shapes.push(order.map((axis) => shape[axis] ?? 1));
    spacingsMm.push(order.map((axis) => mm[axis]!));
  }
  if (faults.length > 0) throw new FaultError(...faults);
  return { shapes, spacingsMm };
}

/** The folder that a data list's paths start from when none is given: its own. */
export const defaultDataRoot = (datalistFile: string): string => dirname(datalistFile);
