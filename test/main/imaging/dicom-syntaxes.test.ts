import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FaultError } from '../../../common/fault.ts';
import type { Volume } from '../../../main/imaging/make-volume.ts';
import { readVolume } from '../../../main/imaging/read-volume.ts';
import { makeScratchFolder } from '../../trainer/data/scratch-folder.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/dicom');
const truth = JSON.parse(readFileSync(join(fixtures, 'truth.json'), 'utf8')) as {
  readonly shape: readonly [number, number, number];
  readonly spacingMm: readonly number[];
  readonly originLps: readonly number[];
  readonly phantom: readonly number[];
  readonly smooth: readonly number[];
};
const [COLUMNS, ROWS, SLICES] = truth.shape;

const read = (name: string): Promise<Volume> => readVolume({ file: join(fixtures, name), name, channel: 0 });

/** Values in the order of the files' own axes (LPS), x fastest. */
function valuesLps({ facts: { slope, intercept }, voxels }: Volume): number[] {
  const values: number[] = [];
  for (let z = 0; z < SLICES; z++)
    for (let y = ROWS - 1; y >= 0; y--)
      for (let x = COLUMNS - 1; x >= 0; x--)
        values.push(voxels[x + COLUMNS * (y + ROWS * z)]! * slope + intercept);
  return values;
}

async function faultsOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FaultError);
  return (error as FaultError).faults;
}

function expectPlace({ facts }: Volume): void {
  expect(facts.shape).toEqual(truth.shape);
  facts.spacingMm.forEach((size, axis) => expect(size).toBeCloseTo(truth.spacingMm[axis]!, 6));
  // The first voxel of the file is the last one to the right and to the front here.
  const [right, front, up] = [facts.affine[3]!, facts.affine[7]!, facts.affine[11]!];
  expect(right + (COLUMNS - 1) * truth.spacingMm[0]!).toBeCloseTo(-truth.originLps[0]!, 6);
  expect(front + (ROWS - 1) * truth.spacingMm[1]!).toBeCloseTo(-truth.originLps[1]!, 6);
  expect(up).toBeCloseTo(truth.originLps[2]!, 6);
}

describe('compressed slices, as GDCM has written them', () => {
  it.each([
    'jpeg-lossless-57',
    'jpeg-lossless-70',
    'jpeg-lossless-70-signed',
    'jpeg-ls-80',
    'jpeg-2000-90',
    'rle',
  ])('have every voxel of the truth: %s', async (folder) => {
    const volume = await read(folder);
    expectPlace(volume);
    expect(valuesLps(volume)).toEqual(truth.phantom);
    expect(volume.facts).toMatchObject({ modality: 'CT', warnings: [] });
  });

  it('are within what a lossy compression leaves: JPEG baseline', async () => {
    const volume = await read('jpeg-baseline-50');
    expectPlace(volume);
    const furthest = Math.max(...valuesLps(volume).map((value, at) => Math.abs(value - truth.smooth[at]!)));
    expect(furthest).toBeLessThanOrEqual(2);
  });
});

describe('files of many frames', () => {
  it.each([
    'enhanced-ct.dcm',
    'enhanced-ct-jpeg-2000.dcm',
    'enhanced-ct-rle.dcm',
    'enhanced-mr.dcm',
    // Its frames are not in the order of their places.
    'enhanced-ct-turned.dcm',
  ])('have every voxel at its place: %s', async (name) => {
    const volume = await read(name);
    expectPlace(volume);
    expect(valuesLps(volume)).toEqual(truth.phantom);
    expect(volume.facts.warnings).toEqual([]);
  });

  it('whose frames are scaled one by one are refused, and not shown wrongly', async () => {
    expect(await faultsOf(read('enhanced-mr-scaled.dcm'))).toMatchObject([
      {
        code: 'image-unreadable',
        file: 'enhanced-mr-scaled.dcm',
        message: expect.stringContaining('scalings of their own') as string,
      },
    ]);
  });

  it('that end early are named', async () => {
    const bytes = readFileSync(join(fixtures, 'enhanced-ct-rle.dcm'));
    const file = join(makeScratchFolder(), 'cut.dcm');
    writeFileSync(file, bytes.subarray(0, bytes.length - 300));
    expect(await faultsOf(readVolume({ file, name: 'cut.dcm', channel: 0 }))).toMatchObject([
      { file: 'cut.dcm' },
    ]);
  });
});
