import { join } from 'node:path';
import { identityAffine } from '../../../common/imaging/affine.ts';
import type { CaseList } from '../../../trainer/data/load-data-list.ts';
import { writeImage } from '../../../trainer/data/write-image.ts';
import type { TransformDefinition } from '../../../trainer/transforms/transform-definition.ts';
import { sampleLabel } from '../transforms/sample-item.ts';

const keys = ['image', 'label'];

/** Small cases in a folder; the first voxel of image k is k + 1. */
export function makeCases(folder: string, count: number): CaseList {
  const shape = [8, 9, 10];
  const items = Array.from({ length: count }, (_, index) => {
    const image = join(folder, 'imagesTr', `case${index}.nii`);
    const label = join(folder, 'labelsTr', `case${index}.nii`);
    const values = Float32Array.from({ length: 720 }, (__, voxel) => index + 1 + voxel * 0.01);
    writeImage(image, { values, shape, affine: identityAffine, voxelType: 'float32' });
    writeImage(label, { values: sampleLabel(shape).data, shape, affine: identityAffine, voxelType: 'uint8' });
    return { image, label, name: `case ${index}` };
  });
  return { dataRoot: folder, items };
}

/** Reads both images. */
export const loadTransforms: readonly TransformDefinition[] = [
  { name: 'LoadImaged', args: { keys } },
  { name: 'EnsureChannelFirstd', args: { keys } },
];

/** Reads, then crops two patches and changes them at random. */
export const cropTransforms: readonly TransformDefinition[] = [
  ...loadTransforms,
  { name: 'ScaleIntensityd', args: { keys: 'image' } },
  {
    name: 'RandCropByPosNegLabeld',
    args: { keys, label_key: 'label', spatial_size: [4, 4, 4], num_samples: 2 },
  },
  { name: 'RandGaussianNoised', args: { keys: 'image', prob: 0.7 } },
  { name: 'RandFlipd', args: { keys, prob: 0.5 } },
];
