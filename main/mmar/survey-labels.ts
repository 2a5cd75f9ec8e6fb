import { join } from 'node:path';
import { fail, FaultError, succeed, type Fault, type Result } from '../../common/fault.ts';
import type { StoredImage } from '../../common/imaging/stored-image.ts';
import { readStored } from '../imaging/read-volume.ts';

/** More classes than this are no classes: the file holds an image. */
const MOST_CLASSES = 256;

/** What the label files hold. */
export interface LabelSurvey {
  /** The class numbers that occur, 0 among them where it does. */
  readonly classes: readonly number[];
  /** Labels that hold the background alone. */
  readonly empty: readonly string[];
}

/**
 * Reads label files and collects their classes.
 *
 * @param labels relative to `root`
 * @throws FaultError with every file that cannot be read or whose voxels are no class numbers
 */
export async function surveyLabels(root: string, labels: readonly string[]): Promise<LabelSurvey> {
  const classes = new Set<number>();
  const empty: string[] = [];
  const faults: Fault[] = [];
  for (const label of labels) {
    const found = await readClasses(join(root, label), label);
    if (!found.ok) faults.push(...found.faults);
    else {
      for (const value of found.value) classes.add(value);
      if (found.value.every((value) => value === 0)) empty.push(label);
    }
  }
  if (faults.length > 0) throw new FaultError(...faults);
  return { classes: [...classes].sort((a, b) => a - b), empty };
}

async function readClasses(file: string, name: string): Promise<Result<readonly number[]>> {
  const image = await readImage(file, name);
  if (!image.ok) return image;
  const { voxels, slope, intercept } = image.value;
  const values = new Set<number>();
  for (const stored of voxels) {
    const value = stored * slope + intercept;
    if (values.has(value)) continue;
    values.add(value);
    if (!Number.isInteger(value) || value < 0 || value >= MOST_CLASSES)
      return fail({
        code: 'label-values',
        file: name,
        message: `The label holds the value ${value}.`,
        allowed: `class numbers: whole numbers from 0 (background) to ${MOST_CLASSES - 1}`,
      });
  }
  return succeed([...values]);
}

async function readImage(file: string, name: string): Promise<Result<StoredImage>> {
  try {
    return succeed(await readStored({ file, name }));
  } catch (error) {
    if (error instanceof FaultError) return fail(...error.faults);
    throw error;
  }
}
