import { describe, expect, it } from 'vitest';
import { networkSizeDivisor } from '../../../common/components/networks.ts';

const unet = { spatial_dims: 3, in_channels: 1, out_channels: 2, channels: [16, 32, 64, 128, 256] };

describe('the sizes that a network can shrink evenly', () => {
  it('are multiples of all its strides', () => {
    expect(networkSizeDivisor('UNet', { ...unet, strides: [2, 2, 2, 2] })).toEqual([16, 16, 16]);
    expect(networkSizeDivisor('UNet', { ...unet, channels: [8, 16, 32], strides: [[1, 2, 2], 2] })).toEqual([
      2, 4, 4,
    ]);
    expect(
      networkSizeDivisor('Unet', { ...unet, spatial_dims: undefined, dimensions: 2, strides: [1, 2, 3, 1] }),
    ).toEqual([6, 6]);
  });

  it('do not depend on strides that are not used', () => {
    expect(networkSizeDivisor('UNet', { ...unet, channels: [8, 16], strides: [2, 5] })).toEqual([2, 2, 2]);
  });

  it('are multiples of 2 per level of SegResNet', () => {
    expect(networkSizeDivisor('SegResNet', {})).toEqual([8, 8, 8]);
    expect(networkSizeDivisor('SegResNet', { spatial_dims: 2, blocks_down: [1, 1], blocks_up: [1] })).toEqual(
      [2, 2],
    );
  });

  it('are unknown for other networks and for wrong arguments', () => {
    expect(networkSizeDivisor('MyNetwork', {})).toBeUndefined();
    expect(networkSizeDivisor('UNet', { strides: [2] })).toBeUndefined();
    expect(networkSizeDivisor('SegResNet', { blocks_down: 3 })).toBeUndefined();
  });
});
