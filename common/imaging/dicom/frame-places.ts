import type { Vector3 } from '../affine.ts';
import { itemsOf, numbersOf, type DicomDataSet } from './data-set.ts';

/** Where one frame of a file of many frames is, and how its pixels become values, as far as it says. */
export interface FramePlace {
  readonly position?: Vector3;
  /** Directions of rows and of columns, LPS. */
  readonly directions?: readonly number[];
  /** Distance of rows, then of columns. */
  readonly pixelSpacing?: readonly number[];
  readonly slope?: number;
  readonly intercept?: number;
}

const SHARED_GROUPS = '52009229';
const FRAME_GROUPS = '52009230';
const PLANE_POSITION = '00209113';
const PLANE_ORIENTATION = '00209116';
const PIXEL_MEASURES = '00289110';
const VALUE_TRANSFORMATION = '00289145';

/**
 * The places of the frames of an enhanced image (PS3.3 C.7.6.16), in the order of the frames: what a frame does not say of itself
 * holds for all. Empty for other files.
 */
export function readFramePlaces(dataSet: DicomDataSet): readonly FramePlace[] {
  const shared = itemsOf(dataSet, SHARED_GROUPS)[0];
  return itemsOf(dataSet, FRAME_GROUPS).map((own) => {
    const numbers = (group: string, tag: string): readonly number[] | undefined =>
      [own, shared].flatMap((from) => {
        const item = from === undefined ? undefined : itemsOf(from, group)[0];
        const found = item === undefined ? undefined : numbersOf(item, tag);
        return found === undefined ? [] : [found];
      })[0];
    const position = numbers(PLANE_POSITION, '00200032');
    const directions = numbers(PLANE_ORIENTATION, '00200037');
    const pixelSpacing = numbers(PIXEL_MEASURES, '00280030');
    const slope = numbers(VALUE_TRANSFORMATION, '00281053')?.[0];
    const intercept = numbers(VALUE_TRANSFORMATION, '00281052')?.[0];
    return {
      ...(position?.length === 3 ? { position: position as unknown as Vector3 } : {}),
      ...(directions?.length === 6 ? { directions } : {}),
      ...(pixelSpacing?.length === 2 ? { pixelSpacing } : {}),
      ...(slope === undefined ? {} : { slope }),
      ...(intercept === undefined ? {} : { intercept }),
    };
  });
}
