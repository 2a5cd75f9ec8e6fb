import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Tensor } from '../../../trainer/data/tensor.ts';
import { Compose } from '../../../trainer/transforms/compose.ts';
import { buildTransform } from '../../../trainer/transforms/registry.ts';
import { expectRealChain, type RealNumbers } from './real-chain.ts';

const file = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/monai/hippocampus/${name}`, import.meta.url));
const numbers = JSON.parse(readFileSync(file('hippocampus_001.json'), 'utf8')) as RealNumbers;
const image = file('hippocampus_001.nii.gz');
const label = file('hippocampus_001_label.nii.gz');
const keys = ['image', 'label'];

function readFloats(name: string): Float32Array {
  const bytes = readFileSync(file(name));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

describe('a real case, hippocampus_001', () => {
  const resample = new Compose([
    buildTransform('LoadImaged', { keys }),
    buildTransform('EnsureChannelFirstd', { keys }),
    buildTransform('Spacingd', { keys, pixdim: [1.313, 0.831, 1.171], mode: ['bilinear', 'nearest'] }),
  ]);

  test("Spacingd gives MONAI's arrays, every voxel to the bit", () => {
    const [item] = resample.apply({ image, label });
    expect((item.image as Tensor).shape).toEqual([1, 27, 61, 30]);
    expect((item.image as Tensor).data).toEqual(readFloats('spacing-bilinear.f32'));
    expect(Buffer.from(Uint8Array.from((item.label as Tensor).data))).toEqual(
      readFileSync(file('spacing-nearest.u8')),
    );
  });

  test('NormalizeIntensityd over what is not 0', () => {
    const normalize = buildTransform('NormalizeIntensityd', { keys: 'image', nonzero: true });
    const [item] = new Compose([...resample.transforms, normalize]).apply({ image, label });
    const expected = readFloats('spacing-normalised.f32');
    const largest = (item.image as Tensor).data.reduce(
      (worst, value, index) => Math.max(worst, Math.abs(value - expected[index])),
      0,
    );
    expect(largest).toBeLessThan(1e-6);
  });

  test('every stage of a chain, from the file to the patches', () => {
    const scale = { name: 'NormalizeIntensityd', args: { keys: 'image', nonzero: true, channel_wise: true } };
    expectRealChain({ image, label, numbers, scale, patchSize: [24, 24, 24] });
  });
});
