import { describe, expect, it } from 'vitest';
import type { Item } from '../../../trainer/data/item.ts';
import { createTensor } from '../../../trainer/data/tensor.ts';
import { findImageWithoutNumbers } from '../../../trainer/engines/batch-fields.ts';

const item = (file: string, ...values: number[]): Item => ({
  image: createTensor([1, values.length], Float32Array.from(values)),
  image_meta_dict: {
    affine: [],
    originalAffine: [],
    spatialShape: [values.length],
    originalChannelDim: 'no_channel',
    fileName: file,
  } as unknown as Item[string],
});

describe('the image that made a loss no number', () => {
  it.each([NaN, Infinity, -Infinity])('is the first with %d in it', (value) => {
    const items = [item('/a.nii', 1, 2), item('/b.nii', 3, value), item('/c.nii', value)];
    expect(findImageWithoutNumbers({ fields: {}, items })).toEqual({ file: '/b.nii' });
  });

  it('is none where all are numbers', () => {
    expect(findImageWithoutNumbers({ fields: {}, items: [item('/a.nii', 1, -3e38)] })).toBeUndefined();
  });
});
