import { describe, expect, it } from 'vitest';
import { planPatch } from '../../../common/mmar/plan-patch.ts';
import type { ComponentNode } from '../../../common/mmar/resolved-config.ts';

const node = (name: string, args: object, path?: string): ComponentNode =>
  ({
    name,
    args: { keys: ['image', 'label'], ...args },
    at: [],
    attributes: {},
    ...(path && { path }),
  }) as unknown as ComponentNode;
const crop = (size: readonly number[], more: object = {}): ComponentNode =>
  node('RandCropByPosNegLabeld', { label_key: 'label', spatial_size: size, num_samples: 2, ...more });

describe('the smallest patch that transforms can make', () => {
  it('is that of the crop, as often as it is cut, and the pad before it is the largest image', () => {
    const pad = node('SpatialPadd', { spatial_size: [64, 64, 32] });
    const last = crop([32, 32, 16]);
    expect(planPatch([node('LoadImaged', {}), pad, last, node('ToTensord', {})], 'image', 3)).toEqual({
      size: [32, 32, 16],
      patchesPerCase: 2,
      mostVoxels: 64 * 64 * 32,
      cachedVoxels: 64 * 64 * 32,
      setBy: last,
    });
  });

  it('is one voxel where nothing fixes a size, or what is fixed is undone', () => {
    const one = { size: [1, 1, 1], mostVoxels: 1 };
    expect(planPatch([node('LoadImaged', {})], 'image', 3)).toMatchObject(one);
    expect(planPatch([crop([8, 8, 8], { allow_smaller: true })], 'image', 3)).toMatchObject(one);
    const pad = node('SpatialPadd', { spatial_size: 16 });
    expect(planPatch([pad, node('Spacingd', { pixdim: 1 })], 'image', 3)).toMatchObject({ size: [1, 1, 1] });
    expect(planPatch([pad, node('Own', {}, 'own.Own')], 'image', 3)).toMatchObject({ size: [1, 1, 1] });
    expect(planPatch([node('SpatialPadd', { keys: 'label', spatial_size: 16 })], 'image', 3)).toMatchObject(
      one,
    );
  });

  it('of a pad holds for the axes that it names, in any order after a turn', () => {
    const pad = node('SpatialPadd', { spatial_size: [8, 16, -1] });
    expect(planPatch([pad], 'image', 3).size).toEqual([8, 16, 1]);
    expect(planPatch([pad, node('Orientationd', { axcodes: 'RAS' })], 'image', 3).size).toEqual([1, 1, 1]);
    expect(planPatch([node('ResizeWithPadOrCropd', { spatial_size: 12 })], 'image', 2).size).toEqual([
      12, 12,
    ]);
  });
});
