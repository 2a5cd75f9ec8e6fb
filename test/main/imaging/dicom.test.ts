import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readImageDicomFileSeriesNode } from '@itk-wasm/dicom';
import { FaultError } from '../../../common/fault.ts';
import { transformPoint } from '../../../common/imaging/affine.ts';
import { readDicom } from '../../../main/imaging/dicom/read-dicom.ts';
import { readVolume } from '../../../main/imaging/read-volume.ts';
import { findSharedData } from '../../shared-data.ts';
import { makeScratchFolder } from '../../trainer/data/scratch-folder.ts';
import { writeSlices, type SliceToWrite } from './dicom-files.ts';

const scratch = makeScratchFolder();
const [COLUMNS, ROWS, SLICES] = [5, 4, 6];

/** Voxel (x, y, z) has the value 100 z + 10 y + x - 50; file names are not in the order of places. */
function makeSeries(change: (slice: SliceToWrite, z: number) => SliceToWrite = (slice) => slice) {
  return Array.from({ length: SLICES }, (_, z) =>
    change(
      {
        file: `${(z * 5) % 7}.dcm`,
        rows: ROWS,
        columns: COLUMNS,
        pixels: Int16Array.from(
          { length: ROWS * COLUMNS },
          (_, at) => 100 * z + 10 * Math.floor(at / COLUMNS) + (at % COLUMNS) - 50,
        ),
        position: [-10, -20, 30 + 3 * z],
        spacing: [0.5, 0.75],
      },
      z,
    ),
  );
}

/** Takes the last pixels away. */
const cutOff = (file: string): void => truncateSync(file, statSync(file).size - 10);

let folders = 0;
const write = (slices: readonly SliceToWrite[]): string =>
  writeSlices(join(scratch, `series-${folders++}`), slices);

const read = (folder: string, series = 0) => readVolume({ file: folder, name: 'case', channel: 0, series });

async function faultsOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FaultError);
  return (error as FaultError).faults;
}

/** The value at a point of the world (LPS in the slices, RAS here). */
async function valueAt(folder: string, world: readonly [number, number, number]) {
  const { facts, voxels } = await read(folder);
  const [nx, ny] = facts.shape;
  for (let at = 0; at < voxels.length; at++) {
    const voxel = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))] as const;
    const place = transformPoint(facts.affine, voxel);
    if (place.every((part, axis) => Math.abs(part - world[axis]!) < 1e-4)) {
      return voxels[at]! * facts.slope + facts.intercept;
    }
  }
  throw new Error(`No voxel at ${world.join(', ')}`);
}

describe('a DICOM series', () => {
  it.each(['explicit', 'implicit', 'rle'])('is put in order by place, %s', async (syntax) => {
    const folder = write(makeSeries((slice) => ({ ...slice, syntax })));
    const { facts } = await read(folder);
    expect(facts).toMatchObject({
      shape: [COLUMNS, ROWS, SLICES],
      spacingMm: [0.75, 0.5, 3],
      modality: 'MR',
      warnings: [],
      source: { format: 'DICOM', orientation: 'LPS', voxelType: 'int16' },
    });
    expect(facts.statistics).toMatchObject({ min: -50, max: 484 });
    // Column 3, row 2, slice 4: LPS (-10 + 3 * 0.75, -20 + 2 * 0.5, 42).
    expect(await valueAt(folder, [7.75, 19, 42])).toBe(373);
  });

  it('agrees with ITK in values and geometry', async () => {
    const directions = [0.96, 0.28, 0, -0.28, 0.96, 0];
    const slices = makeSeries((slice) => ({ ...slice, directions, slope: 2, intercept: -1000 }));
    const folder = write(slices);
    const image = await readDicom(folder, 'case');
    const sorted = slices.map(({ file }) => join(folder, file));
    const { outputImage: itk } = await readImageDicomFileSeriesNode({ inputImages: sorted });
    expect(Array.from(image.voxels, (value) => value * image.slope + image.intercept)).toEqual(
      Array.from(itk.data as Int16Array),
    );
    expect(image.grid.shape).toEqual(itk.size);
    const ras = [-1, -1, 1];
    for (const [world, axis] of [0, 1, 2].flatMap((row) =>
      [0, 1, 2].map((column) => [row, column] as const),
    )) {
      const column = Number(itk.direction[world * 3 + axis]) * itk.spacing[axis]! * ras[world]!;
      expect(image.grid.affine[world * 4 + axis]).toBeCloseTo(column, 5);
    }
    expect([3, 7, 11].map((at) => image.grid.affine[at])).toEqual(
      itk.origin.map((part, world) => part * ras[world]!),
    );
  });

  it('keeps scalings of each slice, and drops bits that are not stored', async () => {
    const scaled = write(makeSeries((slice, z) => ({ ...slice, slope: z + 1 })));
    expect(await valueAt(scaled, [7.75, 19, 42])).toBe(373 * 5);
    const dirty = write(
      makeSeries((slice) => ({
        ...slice,
        bitsStored: 12,
        pixels: Uint16Array.from(slice.pixels, (value) => (value + 50) | 0xf000),
      })),
    );
    expect(await valueAt(dirty, [7.75, 19, 42])).toBe(423);
  });

  it('says that low values are bright', async () => {
    const folder = write(makeSeries((slice) => ({ ...slice, photometric: 'MONOCHROME1' })));
    expect((await read(folder)).facts).toMatchObject({ inverted: true, statistics: { min: -50 } });
  });

  it('has low values dark where decoding turned them around', async () => {
    const syntax = 'rle';
    const folder = write(makeSeries((slice) => ({ ...slice, syntax, photometric: 'MONOCHROME1' })));
    expect((await read(folder)).facts).toMatchObject({ inverted: false, statistics: { max: -1 + 50 } });
  });
});

describe('doubts about a series', () => {
  const messages = async (slices: readonly SliceToWrite[]) =>
    (await read(write(slices))).facts.warnings.map(({ code, message }) => `${code}: ${message}`);

  it('names missing slices', async () => {
    expect(await messages(makeSeries().filter((_, z) => z !== 2 && z !== 3))).toEqual([
      'image-geometry: 2 slices are missing, after slice 2 of 4: places behind them are not right.',
    ]);
  });

  it('names uneven distances', async () => {
    const uneven = makeSeries((slice, z) => ({ ...slice, position: [0, 0, 3 * z + (z === 5 ? 1 : 0)] }));
    expect(await messages(uneven)).toEqual([
      'image-geometry: The slices are 3.00 to 4.00 mm apart; they are shown as if evenly spaced.',
    ]);
  });

  it('leaves out a second series, and slices in the same place', async () => {
    const others = makeSeries((slice, z) => ({ ...slice, file: `b${z}`, series: '1.2.3' })).slice(0, 2);
    expect(await messages([...makeSeries(), ...others])).toEqual([
      expect.stringMatching(/^image-geometry: 2 of 8 images belong to another series/),
    ]);
    const repeated = makeSeries((slice, z) => ({ ...slice, file: `c${z}`, number: 50 + z }));
    expect(await messages([...makeSeries(), ...repeated])).toEqual([
      expect.stringMatching(/^image-geometry: 6 slices are where another one is/),
    ]);
  });

  it('warns of slices without places, and of text in the pixels', async () => {
    const { position: _, ...placeless } = makeSeries()[0]!;
    const slices = makeSeries((slice, z) => ({
      ...placeless,
      file: slice.file,
      number: z,
      pixels: slice.pixels,
    }));
    expect(await messages(slices)).toEqual([expect.stringMatching(/do not say where they are/)]);
    expect(await messages(makeSeries((slice) => ({ ...slice, burnedIn: true })))).toEqual([
      expect.stringMatching(/^image-burned-in/),
    ]);
  });
});

describe('several series in a folder', () => {
  const small = makeSeries((slice, z) => ({
    ...slice,
    file: `b${z}`,
    series: '1.2.3',
    seriesNumber: 2,
    description: 'Localiser',
    pixels: slice.pixels.map((value) => value + 1000),
  })).slice(0, 2);
  const large = makeSeries((slice) => ({ ...slice, seriesNumber: 7, description: 'T1 axial' }));

  it('are listed, the largest first, and each can be shown', async () => {
    const folder = write([...small, ...large]);
    const first = await read(folder);
    expect(first.facts.series).toEqual({
      shown: 0,
      all: [
        { description: 'T1 axial', number: 7, modality: 'MR', images: 6, columns: COLUMNS, rows: ROWS },
        { description: 'Localiser', number: 2, modality: 'MR', images: 2, columns: COLUMNS, rows: ROWS },
      ],
    });
    expect(first.facts.shape).toEqual([COLUMNS, ROWS, SLICES]);
    const second = await read(folder, 1);
    expect(second.facts.series).toMatchObject({ shown: 1 });
    expect(second.facts).toMatchObject({ shape: [COLUMNS, ROWS, 2], statistics: { min: 950 } });
  });

  it('are not spoken of where there is one', async () => {
    expect((await read(write(large))).facts.series).toBeUndefined();
  });

  it('that are not there are named', async () => {
    expect(await faultsOf(read(write(large), 3))).toMatchObject([
      { code: 'image-unreadable', message: 'There is no series 4.', allowed: '1 to 1' },
    ]);
  });
});

describe('a series that cannot be shown', () => {
  it('is named when its transfer syntax is not known or its data are damaged', async () => {
    const video = write(makeSeries((slice) => ({ ...slice, syntax: '1.2.840.10008.1.2.4.100' })));
    expect(await faultsOf(read(video))).toMatchObject([
      {
        code: 'image-unreadable',
        file: 'case',
        message: expect.stringContaining('1.2.840.10008.1.2.4.100') as string,
        allowed: expect.stringContaining('JPEG') as string,
      },
    ]);
    const damaged = write(makeSeries((slice) => ({ ...slice, syntax: '1.2.840.10008.1.2.4.90' })));
    expect(await faultsOf(read(damaged))).toMatchObject([
      { message: expect.stringContaining('JPEG 2000 lossless') as string },
    ]);
  });

  it('is named when a file is cut off, holds colours or is no image', async () => {
    const cut = write(makeSeries());
    cutOff(join(cut, '3.dcm'));
    expect(await faultsOf(read(cut))).toMatchObject([{ code: 'image-truncated', file: 'case' }]);
    const colour = write(makeSeries((slice) => ({ ...slice, samplesPerPixel: 3, photometric: 'RGB' })));
    expect(await faultsOf(read(colour))).toMatchObject([
      { code: 'image-unreadable', message: 'The images have 3 colours per pixel.' },
    ]);
    const empty = write([]);
    writeFileSync(join(empty, 'notes.txt'), 'nothing to see');
    expect(await faultsOf(read(empty))).toMatchObject([{ code: 'image-unreadable' }]);
    expect(await faultsOf(readDicom(join(scratch, 'nowhere'), 'case'))).toMatchObject([
      { code: 'image-missing', file: 'case' },
    ]);
  });

  it('never names a path of this machine', async () => {
    const cut = write(makeSeries());
    cutOff(join(cut, '3.dcm'));
    expect(JSON.stringify(await faultsOf(read(cut)))).not.toContain(scratch);
  });
});

const real = findSharedData('dicom/hippocampus-crop', 'a real DICOM series');
describe.skipIf(real === undefined)('a real series', () => {
  it('agrees with ITK voxel by voxel', async () => {
    const image = await readDicom(real!, 'real');
    const { outputImage: itk } = await readImageDicomFileSeriesNode({
      inputImages: Array.from({ length: 32 }, (_, index) => join(real!, `${index + 1}.dcm`)),
    });
    expect(image.grid.shape).toEqual(itk.size);
    expect(Array.from(image.voxels)).toEqual(Array.from(itk.data as Int16Array));
  });
});
