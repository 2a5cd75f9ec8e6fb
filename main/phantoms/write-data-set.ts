import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { diagonalAffine, type Vector3 } from '../../common/imaging/affine.ts';
import { encodeNifti, type WrittenVoxelType } from '../../common/imaging/nifti-encode.ts';
import { drawCtPhantom } from './draw-ct-phantom.ts';
import { drawPhantom, type Phantom } from './draw-phantom.ts';
import type { Random } from './ellipsoid.ts';

/** A data set of phantoms. The same request with the same numbers gives the same files. */
export interface PhantomDataSet {
  /** Absolute folder; made when it is not there. */
  readonly folder: string;
  readonly training: number;
  readonly validation: number;
  readonly test: number;
  /** Edge length in voxels around which sizes vary. */
  readonly baseSize: number;
  readonly random: Random;
  /** Brains of a kind, with two labels, or abdomens with one. Default `mr`. */
  readonly modality?: 'mr' | 'ct';
}

const kinds = {
  mr: {
    draw: drawPhantom,
    voxelType: 'float32',
    description: 'Drawn volumes with a structure of two parts, and blobs that look like it',
    modality: { 0: 'drawn' },
    labels: { 0: 'background', 1: 'front', 2: 'back' },
  },
  ct: {
    draw: drawCtPhantom,
    voxelType: 'int16',
    description: 'Drawn abdomens in Hounsfield units, with one organ labelled of two',
    modality: { 0: 'CT' },
    labels: { 0: 'background', 1: 'organ' },
  },
} as const;

interface ListedCase {
  readonly image: string;
  readonly label: string;
}

/** Draws the cases and writes them as NIfTI files with a data list, `dataset.json`; returns the list's path. */
export async function writePhantomDataSet(request: PhantomDataSet): Promise<string> {
  const { folder, training, validation, test, baseSize, random, modality = 'mr' } = request;
  const { draw, voxelType, ...description } = kinds[modality];
  await mkdir(join(folder, 'images'), { recursive: true });
  await mkdir(join(folder, 'labels'), { recursive: true });
  const cases: ListedCase[] = [];
  for (let number = 1; number <= training + validation + test; number++) {
    const name = `phantom_${String(number).padStart(3, '0')}.nii.gz`;
    const phantom = draw(random, baseSize);
    await writeVolume(join(folder, 'images', name), phantom, phantom.image, voxelType);
    await writeVolume(join(folder, 'labels', name), phantom, phantom.label, 'uint8');
    cases.push({ image: `images/${name}`, label: `labels/${name}` });
  }
  const list = {
    name: 'Phantoms',
    tensorImageSize: '3D',
    ...description,
    numTraining: training,
    training: cases.slice(0, training),
    validation: cases.slice(training, training + validation),
    test: cases.slice(training + validation).map((item) => item.image),
  };
  const file = join(folder, 'dataset.json');
  await writeFile(file, `${JSON.stringify(list, null, 2)}\n`);
  return file;
}

async function writeVolume(
  file: string,
  { shape, spacingMm }: Phantom,
  values: Float32Array,
  voxelType: WrittenVoxelType,
): Promise<void> {
  const affine = diagonalAffine(
    spacingMm,
    [0, 1, 2].map((axis) => (-shape[axis]! * spacingMm[axis]!) / 2) as unknown as Vector3,
  );
  await writeFile(file, gzipSync(encodeNifti({ values, shape, affine, voxelType })));
}
