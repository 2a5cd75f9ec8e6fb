import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identityAffine, transformPoint } from '../../../common/imaging/affine.ts';
import {
  formatAxisCodes,
  invertReorientation,
  orientationOf,
  parseAxisCodes,
  reorient,
  reorientAffine,
} from '../../../common/imaging/orientation.ts';

const codes = ['R', 'L'].flatMap((x) =>
  ['A', 'P'].flatMap((y) =>
    ['S', 'I'].flatMap((z) =>
      [
        [x, y, z],
        [x, z, y],
        [y, x, z],
        [y, z, x],
        [z, x, y],
        [z, y, x],
      ].map((letters) => letters.join('')),
    ),
  ),
);

describe('axis codes', () => {
  test('there are 48, and each is read as it is written', () => {
    expect(new Set(codes).size).toBe(48);
    for (const code of codes) expect(formatAxisCodes(parseAxisCodes(code)!)).toBe(code);
  });

  test.each(['', 'RA', 'RASS', 'RAR', 'RLS', 'XYZ'])('"%s" is none', (code) => {
    expect(parseAxisCodes(code)).toBeUndefined();
  });
});

describe('orientation of an affine', () => {
  test('LAS, slightly turned', () => {
    const affine = [-0.99, 0.1, 0, 5, 0.1, 0.99, 0.05, 6, 0, -0.05, 2.5, 7, 0, 0, 0, 1];
    expect(formatAxisCodes(orientationOf(affine))).toBe('LAS');
  });

  test('axes at 45 degrees are shared out in the order x, y, z', () => {
    const affine = [1, -1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    expect(formatAxisCodes(orientationOf(affine))).toBe('RAS');
  });

  test('a flat affine still has one', () => {
    const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    expect(formatAxisCodes(orientationOf(affine)).slice(0, 2)).toBe('RA');
  });
});

describe('turning', () => {
  const pairs = fc.tuple(fc.constantFrom(...codes), fc.constantFrom(...codes));

  test('gives the wanted codes and leaves every voxel in its place in the world', () => {
    fc.assert(
      fc.property(pairs, ([from, to]) => {
        const shape = [3, 4, 5];
        const start = parseAxisCodes(from)!;
        const source = reorientAffine(identityAffine, [7, 7, 7], reorient(parseAxisCodes('RAS')!, start));
        const turn = reorient(orientationOf(source), parseAxisCodes(to)!);
        const turned = reorientAffine(source, shape, turn);
        expect(formatAxisCodes(orientationOf(turned))).toBe(to);
        const index = [1, 2, 4] as const;
        const mirrored = index.map((at, axis) => (turn.flips.includes(axis) ? shape[axis]! - 1 - at : at));
        const [x, y, z] = turn.order.map((axis) => mirrored[axis]!);
        expect(transformPoint(turned, [x!, y!, z!])).toEqual(transformPoint(source, index));
      }),
    );
  });

  test('is undone by its inverse', () => {
    fc.assert(
      fc.property(pairs, ([from, to]) => {
        const turn = reorient(parseAxisCodes(from)!, parseAxisCodes(to)!);
        const shape = [3, 4, 5];
        const turnedShape = turn.order.map((axis) => shape[axis]!);
        const there = reorientAffine(identityAffine, shape, turn);
        const back = reorientAffine(there, turnedShape, invertReorientation(turn));
        expect(back.map((value) => value + 0)).toEqual([...identityAffine]);
      }),
    );
  });
});
