import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  determinant3,
  diagonalAffine,
  invertAffine,
  isAllClose,
  linearPart,
  multiplyAffines,
  identityAffine,
  transformPoint,
  voxelSizesMm,
} from '../../../common/imaging/affine.ts';
import { nearestRotation, quaternionOf, rotationOf } from '../../../common/imaging/rotation.ts';

const entry = fc.integer({ min: -300, max: 300 }).map((value) => value / 100);

describe('affines', () => {
  test('an affine times its inverse is the identity', () => {
    const affines = fc.array(entry, { minLength: 12, maxLength: 12 }).map((rows) => [...rows, 0, 0, 0, 1]);
    fc.assert(
      fc.property(affines, (affine) => {
        fc.pre(Math.abs(determinant3(linearPart(affine))) > 0.05);
        expect(isAllClose(multiplyAffines(affine, invertAffine(affine)!), identityAffine, 1e-9)).toBe(true);
      }),
    );
  });

  test('a flat one has no inverse', () => {
    expect(invertAffine(diagonalAffine([1, 0, 2]))).toBeUndefined();
  });

  test('points and voxel sizes', () => {
    const affine = [0, -3, 0, 10, 2, 0, 0, 20, 0, 0, 4, 30, 0, 0, 0, 1];
    expect(transformPoint(affine, [1, 2, 3])).toEqual([4, 22, 42]);
    expect(voxelSizesMm(affine)).toEqual([2, 3, 4]);
  });

  test('closeness is relative to the second list, and never to NaN', () => {
    expect(isAllClose([1.00001], [1])).toBe(true);
    expect(isAllClose([1.0001], [1])).toBe(false);
    expect(isAllClose([Number.NaN], [Number.NaN])).toBe(false);
    expect(isAllClose([1], [1, 2])).toBe(false);
  });
});

describe('rotations', () => {
  test('quaternion to matrix and back', () => {
    fc.assert(
      fc.property(fc.tuple(entry, entry, entry, entry), ([w, x, y, z]) => {
        const length = Math.hypot(w, x, y, z);
        fc.pre(length > 0.1);
        const sign = w < 0 ? -1 : 1;
        const back = quaternionOf(rotationOf([w, x, y, z]));
        const unit = [w, x, y, z].map((value) => (sign * value) / length);
        // A half turn has two quaternions, which differ in sign.
        fc.pre(Math.abs(unit[0]!) > 1e-6);
        expect(isAllClose(back, unit, 1e-9)).toBe(true);
      }),
    );
  });

  test('no rotation for a quaternion of length 0', () => {
    expect(rotationOf([0, 0, 0, 0])).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  test('the nearest rotation of a stretched one is the rotation itself', () => {
    const rotation = rotationOf([0.9, 0.1, -0.3, 0.2]);
    const stretch = [2, 0.3, 0.1, 0.3, 3, 0.2, 0.1, 0.2, 4];
    const product = [0, 1, 2].flatMap((row) =>
      [0, 1, 2].map((column) =>
        [0, 1, 2].reduce((sum, k) => sum + rotation[row * 3 + k]! * stretch[k * 3 + column]!, 0),
      ),
    );
    expect(isAllClose(nearestRotation(product), rotation, 1e-12)).toBe(true);
  });
});
