import { describe, expect, it } from 'vitest';
import { composeAffine, diagonalAffine, type Affine } from '../../../../common/imaging/affine.ts';
import type { ComponentNode, ConfigValue } from '../../../../common/mmar/resolved-config.ts';
import { exactSize } from '../../../../main/mmar/check/size-bounds.ts';
import { prepareSizeTrace, type ImageGeometry } from '../../../../main/mmar/check/trace-sizes.ts';

const transform = (
  name: string,
  args: Readonly<Record<string, ConfigValue>>,
  path?: string,
): ComponentNode => ({
  kind: 'component',
  name,
  ...(path === undefined ? {} : { path }),
  args: { keys: ['image', 'label'], ...args },
  attributes: {},
  at: [],
});

const image = (size: readonly number[], affine: Affine = diagonalAffine([1, 1, 1])): ImageGeometry => ({
  size,
  affine,
});

const trace = (of: ImageGeometry, ...transforms: readonly ComponentNode[]) =>
  prepareSizeTrace(transforms, 'image')(of);
const sizeAfter = (of: ImageGeometry, ...transforms: readonly ComponentNode[]) =>
  exactSize(trace(of, ...transforms).bounds);

const spacing = (pixdim: ConfigValue, more = {}) => transform('Spacingd', { pixdim, ...more });
const ras = transform('Orientationd', { axcodes: 'RAS' });
/** Voxel axes run along z, x and y of the world, with voxels of 3, 1 and 2 mm. */
const turned = composeAffine([0, 1, 0, 0, 0, 2, 3, 0, 0], [0, 0, 0]);

describe('prepareSizeTrace', () => {
  it('resamples as Spacingd', () => {
    expect(sizeAfter(image([10, 20, 30], diagonalAffine([1, 2, 0.5])), spacing([1, 1, 1]))).toEqual([
      10, 39, 16,
    ]);
    expect(sizeAfter(image([10, 20, 30]), spacing([2, -1, 0]))).toEqual([6, 20, 30]);
    expect(sizeAfter(image([36, 52, 37]), spacing(1.5))).toEqual([24, 35, 25]);
  });

  it('turns axes as Orientationd, and knows their voxel sizes afterwards', () => {
    expect(sizeAfter(image([10, 20, 30], turned), ras)).toEqual([20, 30, 10]);
    expect(sizeAfter(image([10, 20, 30], turned), ras, spacing([1, 2, 3]))).toEqual([20, 30, 10]);
    expect(sizeAfter(image([10, 20, 30], turned), spacing([3, 1, 2]), ras)).toEqual([20, 30, 10]);
    expect(
      sizeAfter(image([10, 20, 30], turned), ras, transform('Orientationd', { axcodes: 'SRA' })),
    ).toEqual([10, 20, 30]);
  });

  it('says nothing of sheared or unknown grids', () => {
    const sheared = composeAffine([1, 0.3, 0, 0, 1, 0, 0, 0, 1], [0, 0, 0]);
    expect(sizeAfter(image([10, 20, 30], sheared), spacing([2, 2, 2]))).toBeUndefined();
    expect(sizeAfter(image([10, 20, 30]), spacing([2, 2, 2], { diagonal: true }))).toBeUndefined();
    expect(sizeAfter(image([10, 20, 30]), transform('Mine', {}, 'mine.Mine'))).toBeUndefined();
    expect(
      sizeAfter(image([10, 20, 30]), transform('Resized', { spatial_size: [5, 5, 5] }), spacing([2, 2, 2])),
    ).toBeUndefined();
  });

  it.each([
    ['SpatialPadd', { spatial_size: [16, 16, -1] }, [16, 20, 30]],
    ['DivisiblePadd', { k: 8 }, [16, 24, 32]],
    ['ResizeWithPadOrCropd', { spatial_size: [16, 16, 16] }, [16, 16, 16]],
    ['Resized', { spatial_size: [8, 0, 8] }, [8, 20, 8]],
    ['CenterSpatialCropd', { roi_size: [16, 16, 16] }, [10, 16, 16]],
    ['RandSpatialCropd', { roi_size: [8, 8, 8], random_size: false }, [8, 8, 8]],
    ['RandSpatialCropd', { roi_size: [8, 8, 8] }, undefined],
    ['RandCropByPosNegLabeld', { label_key: 'label', spatial_size: [8, 8, -1] }, [8, 8, 30]],
    ['RandRotate90d', {}, undefined],
    ['RandZoomd', {}, [10, 20, 30]],
    ['RandZoomd', { keep_size: false }, undefined],
    ['RandFlipd', {}, [10, 20, 30]],
    ['CropForegroundd', { source_key: 'image' }, undefined],
  ] as const)('%s %j', (name, args, size) => {
    expect(sizeAfter(image([10, 20, 30]), transform(name, args))).toEqual(size);
  });

  it('knows a patch although the image before it is not known', () => {
    const chain = [
      transform('CropForegroundd', { source_key: 'image' }),
      transform('RandCropByPosNegLabeld', { label_key: 'label', spatial_size: [8, 8, 8] }),
    ];
    expect(sizeAfter(image([10, 20, 30]), ...chain)).toEqual([8, 8, 8]);
  });

  it('knows that cutting away makes no image larger', () => {
    const { problem } = trace(
      image([10, 20, 30]),
      transform('CropForegroundd', { source_key: 'image' }),
      transform('RandCropByPosNegLabeld', { label_key: 'label', spatial_size: [12, 8, 8] }),
    );
    expect(problem).toMatchObject({ patch: [12, 8, 8], size: [10, 20, 30] });
  });

  it('leaves out transforms of other keys', () => {
    const other = {
      ...transform('SpatialPadd', { spatial_size: 64 }),
      args: { keys: 'label', spatial_size: 64 },
    };
    expect(sizeAfter(image([10, 20, 30]), other)).toEqual([10, 20, 30]);
  });
});
