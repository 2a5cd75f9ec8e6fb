import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { diagonalAffine } from '../../common/imaging/affine.ts';
import { encodeNifti, type WrittenVoxelType } from '../../common/imaging/nifti-encode.ts';
import { drawPhantom, type Random } from './draw-phantom.ts';

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
}

interface ListedCase {
  readonly image: string;
  readonly label: string;
}

/** Draws the cases and writes them as NIfTI files with a data list, `dataset.json`; returns the list's path. */
export async function writePhantomDataSet(request: PhantomDataSet): Promise<string> {
  const { folder, training, validation, test, baseSize, random } = request;
  await mkdir(join(folder, 'images'), { recursive: true });
  await mkdir(join(folder, 'labels'), { recursive: true });
  const cases: ListedCase[] = [];
  for (let number = 1; number <= training + validation + test; number++) {
    const name = `phantom_${String(number).padStart(3, '0')}.nii.gz`;
    const { shape, image, label } = drawPhantom(random, baseSize);
    await writeVolume(join(folder, 'images', name), shape, image, 'float32');
    await writeVolume(join(folder, 'labels', name), shape, label, 'uint8');
    cases.push({ image: `images/${name}`, label: `labels/${name}` });
  }
  const list = {
    name: 'Phantoms',
    description: 'Drawn volumes with a structure of two parts, and blobs that look like it',
    tensorImageSize: '3D',
    modality: { 0: 'drawn' },
    labels: { 0: 'background', 1: 'front', 2: 'back' },
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
  shape: readonly number[],
  values: Float32Array,
  voxelType: WrittenVoxelType,
): Promise<void> {
  const affine = diagonalAffine([1, 1, 1], [-shape[0]! / 2, -shape[1]! / 2, -shape[2]! / 2]);
  await writeFile(file, gzipSync(encodeNifti({ values, shape, affine, voxelType })));
}
