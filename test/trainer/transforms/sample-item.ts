import type { Affine } from '../../../common/imaging/affine.ts';
import type { ImageMeta, Item } from '../../../trainer/data/item.ts';
import { countElements, createTensor, type Tensor } from '../../../trainer/data/tensor.ts';

/** The affines that the fixtures' images have, by the names that they use. */
export const sampleAffines: Readonly<Record<string, Affine>> = {
  straight: [1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1.5, 0, 0, 0, 0, 1],
  oblique: [1.9, 0.3, -0.2, -11, -0.25, 1.4, 0.1, 7.5, 0.3, -0.15, 2.6, 3.25, 0, 0, 0, 1],
  rotated: [1.2, -1.2, 0, -11, 0.96, 0.54, -2, 7.5, 1.28, 0.72, 1.5, 3.25, 0, 0, 0, 1],
  permuted: [0, 0, -2.5, 10, 1.5, 0, 0, -20, 0, 0.75, 0, 30, 0, 0, 0, 1],
};

/** cos(0.37 i) + 0.5 sin(0.011 i) */
export function sampleImage(shape: readonly number[]): Tensor {
  return createTensor(
    shape,
    Float32Array.from(
      { length: countElements(shape) },
      (_, i) => Math.cos(0.37 * i) + 0.5 * Math.sin(0.011 * i),
    ),
  );
}

/** 1 or 2 where i mod 97 is below 20. */
export function sampleLabel(shape: readonly number[]): Tensor {
  return createTensor(
    shape,
    Float32Array.from({ length: countElements(shape) }, (_, i) => (i % 97 < 20 ? 1 + (i % 2) : 0)),
  );
}

export function sampleMeta(
  spatialShape: readonly number[],
  affine: Affine,
  fileName = 'case.nii.gz',
): ImageMeta {
  return { affine, originalAffine: affine, spatialShape, originalChannelDim: 'no_channel', fileName };
}

/** An image, its label of one channel, and both their metadata. */
export function sampleItem(shape: readonly number[], affine = 'straight'): Item {
  const spatialShape = shape.slice(1);
  return {
    image: sampleImage(shape),
    label: sampleLabel([1, ...spatialShape]),
    image_meta_dict: sampleMeta(spatialShape, sampleAffines[affine], '/data/imagesTr/case.nii.gz'),
    label_meta_dict: sampleMeta(spatialShape, sampleAffines[affine], '/data/labelsTr/case.nii.gz'),
  };
}
