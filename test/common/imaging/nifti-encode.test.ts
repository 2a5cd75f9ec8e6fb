import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../common/fault.ts';
import {
  composeAffine,
  multiplyMatrices3,
  voxelSizesMm,
  type Affine,
} from '../../../common/imaging/affine.ts';
import { toColumnMajor, toRowMajor } from '../../../common/imaging/axis-order.ts';
import { bestAffineOf, qformOf, repairedAffineOf } from '../../../common/imaging/nifti-affine.ts';
import { encodeNifti } from '../../../common/imaging/nifti-encode.ts';
import { parseNiftiHeader } from '../../../common/imaging/nifti-header.ts';
import { readVoxels } from '../../../common/imaging/nifti-voxels.ts';
import { rotationOf } from '../../../common/imaging/rotation.ts';

const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 });
const length = fc.double({ min: 0.1, max: 20, noNaN: true });
const place = fc.double({ min: -500, max: 500, noNaN: true });
const part = fc.double({ min: -1, max: 1, noNaN: true });

/** Any rotation, any voxel sizes, mirrored or not. */
const affines: fc.Arbitrary<Affine> = fc
  .record({
    quaternion: fc
      .tuple(part, part, part, part)
      .filter(([a, b, c, d]) => a * a + b * b + c * c + d * d > 0.01),
    scale: fc.tuple(length, length, length),
    mirror: fc.boolean(),
    origin: fc.tuple(place, place, place),
  })
  .map(({ quaternion, scale: [x, y, z], mirror, origin }) =>
    composeAffine(
      multiplyMatrices3(rotationOf(quaternion), [x, 0, 0, 0, y, 0, 0, 0, mirror ? -z : z]),
      origin,
    ),
  );

const rounded = (affine: Affine): number[] => affine.map(Math.fround);

describe('what is written is what is read', () => {
  test('float32 values to the bit, the affine to float32', () => {
    fc.assert(
      fc.property(sizes, affines, fc.infiniteStream(fc.float()), (shape, affine, stream) => {
        const count = shape.reduce((product, size) => product * size, 1);
        const values = Float32Array.from([...stream.take(count)]);
        const bytes = encodeNifti({ values, shape, affine, voxelType: 'float32', description: 'a test' });
        const header = unwrap(parseNiftiHeader(bytes));
        expect(header).toMatchObject({
          version: 1,
          shape,
          sformCode: 1,
          qformCode: 1,
          description: 'a test',
        });
        expect(unwrap(bestAffineOf(header))).toEqual(rounded(affine));
        expect(toRowMajor(unwrap(readVoxels(header, bytes)), shape)).toEqual(values);
        return true;
      }),
      { numRuns: 60 },
    );
  });

  test('the qform says the same as the sform, and nothing is repaired', () => {
    fc.assert(
      fc.property(affines, (affine) => {
        const bytes = encodeNifti({
          values: new Float32Array(8),
          shape: [2, 2, 2],
          affine,
          voxelType: 'uint8',
        });
        const header = unwrap(parseNiftiHeader(bytes));
        const qform = unwrap(qformOf(header));
        // Near a half turn the quaternion's w, which the file does not hold, comes out of a difference: of three
        // squares rounded to single precision, so that it is off by up to 6e-4, and what it turns by twice as much.
        const largest = Math.max(...voxelSizesMm(affine));
        qform.forEach((value, at) => expect(Math.abs(value - affine[at]!)).toBeLessThan(2e-3 * largest));
        expect(unwrap(repairedAffineOf(header))).toEqual(rounded(affine));
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ['uint8', [-3, 0, 0.5, 1.5, 2.5, 254.6, 300], [0, 0, 0, 2, 2, 255, 255]],
    ['int16', [-40000, -1.5, -0.5, 0.49, 32767, 1e9, 7], [-32768, -2, 0, 0, 32767, 32767, 7]],
  ] as const)('%s rounds half to even and saturates', (voxelType, values, expected) => {
    const bytes = encodeNifti({
      values: Float32Array.from(values),
      shape: [7],
      affine: composeAffine([1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 0, 0]),
      voxelType,
    });
    const read = unwrap(readVoxels(unwrap(parseNiftiHeader(bytes)), bytes));
    expect([...read].map((value) => value + 0)).toEqual(expected);
  });

  test('sizes that NIfTI-1 cannot hold are a defect', () => {
    const image = { values: new Float32Array(0), affine: [], voxelType: 'uint8' } as const;
    expect(() => encodeNifti({ ...image, shape: [40000] })).toThrow(RangeError);
    expect(() => encodeNifti({ ...image, shape: [] })).toThrow(RangeError);
  });
});

describe('the order of voxels', () => {
  test('first axis fastest to last axis fastest', () => {
    const values = Float32Array.from([0, 1, 2, 3, 4, 5]);
    expect([...toRowMajor(values, [3, 2])]).toEqual([0, 3, 1, 4, 2, 5]);
    expect([...toRowMajor(values, [1, 3, 2])]).toEqual([0, 3, 1, 4, 2, 5]);
    expect([...toRowMajor(values, [6])]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('index (x, y, z, t) means the same voxel before and after', () => {
    const shape = [3, 40, 2, 35];
    const values = Float32Array.from({ length: 3 * 40 * 2 * 35 }, (_, at) => at);
    const ordered = toRowMajor(values, shape);
    for (const [x, y, z, t] of [
      [0, 0, 0, 0],
      [2, 39, 1, 34],
      [1, 33, 0, 32],
      [2, 5, 1, 3],
    ] as const) {
      // prettier-ignore
      expect(ordered[((x * 40 + y) * 2 + z) * 35 + t]).toBe(x + 3 * (y + 40 * (z + 2 * t)));
    }
    expect(toColumnMajor(ordered, shape, new Float32Array(values.length))).toEqual(values);
  });
});
