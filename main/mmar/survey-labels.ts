import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fail, FaultError, succeed, type Fault, type Result } from '../../common/fault.ts';
import { findFileFault } from '../../common/file-fault.ts';
import { parseNiftiHeader } from '../../common/imaging/nifti-header.ts';
import { readVoxels } from '../../common/imaging/nifti-voxels.ts';

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
  let bytes: Uint8Array;
  try {
    const found = await readFile(file);
    bytes = found[0] === 0x1f && found[1] === 0x8b ? gunzipSync(found) : found;
  } catch (error) {
    return fail(
      findFileFault(error, name) ?? {
        code: 'image-unreadable',
        file: name,
        message: 'The label is damaged: it cannot be decompressed.',
      },
    );
  }
  const header = parseNiftiHeader(bytes);
  const voxels = header.ok ? readVoxels(header.value, bytes) : header;
  if (!voxels.ok) return fail(...voxels.faults.map((fault): Fault => ({ ...fault, file: name })));
  const values = new Set<number>();
  for (const value of voxels.value) {
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
