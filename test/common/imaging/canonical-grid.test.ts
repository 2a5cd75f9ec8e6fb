import { expect, it } from 'vitest';
import { composeAffine, diagonalAffine, transformPoint } from '../../../common/imaging/affine.ts';
import { findCanonicalTurn } from '../../../common/imaging/canonical-grid.ts';
import { reorientVoxels } from '../../../common/imaging/reorient-voxels.ts';

const SHAPE = [2, 3, 4] as const;

/** Axes x, y, z in all orders and directions. */
const matrices = [
  [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0],
].flatMap((order) => [0, 1, 2, 3, 4, 5, 6, 7].map((signs) => {
  const linear = new Array<number>(9).fill(0);
  order.forEach((world, axis) => (linear[world * 3 + axis] = (axis + 1) * (signs & (1 << axis) ? -1 : 1)));
  return linear;
})); // prettier-ignore

it.each(matrices)('every voxel keeps its place in the world: %d %d %d %d %d %d %d %d %d', (...linear) => {
  const affine = composeAffine(linear, [5, -7, 11]);
  const { reorientation, grid, spacingMm } = findCanonicalTurn({ shape: SHAPE, affine })!;
  const source = Int16Array.from({ length: 24 }, (_, at) => at);
  const turned = reorientVoxels(source, SHAPE, reorientation, new Int16Array(24));
  const place = (point: readonly number[]) => point.map((part) => part + 0).join(' ');
  const values = new Map<string, number>();
  turned.forEach((value, at) => {
    const [nx, ny] = grid.shape;
    values.set(
      place(transformPoint(grid.affine, [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))])),
      value,
    );
  });
  source.forEach((value, at) => {
    expect(
      values.get(place(transformPoint(affine, [at % 2, Math.floor(at / 2) % 3, Math.floor(at / 6)]))),
    ).toBe(value);
  });
  expect([grid.affine[0], grid.affine[5], grid.affine[10]]).toEqual([...spacingMm]);
});

it('takes one of several interleaved channels', () => {
  const source = Uint8Array.of(1, 10, 2, 20, 3, 30);
  const { reorientation } = findCanonicalTurn({ shape: [3, 1, 1], affine: diagonalAffine([-1, 1, 1]) })!;
  const turned = reorientVoxels(source, [3, 1, 1], reorientation, new Uint8Array(3), { offset: 1, step: 2 });
  expect([...turned]).toEqual([30, 20, 10]);
});

it('has no turn for axes that do not span space', () => {
  expect(findCanonicalTurn({ shape: SHAPE, affine: diagonalAffine([1, 1, 0]) })).toBeUndefined();
  expect(findCanonicalTurn({ shape: SHAPE, affine: diagonalAffine([1, NaN, 1]) })).toBeUndefined();
});
