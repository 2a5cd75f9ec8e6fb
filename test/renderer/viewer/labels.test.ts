import { describe, expect, it } from 'vitest';
import { diagonalAffine } from '../../../common/imaging/affine.ts';
import { voxelToFrame } from '../../../renderer/viewer/geometry/frame.ts';
import { classAt, coloursOf, makeOverlay, onGridOf } from '../../../renderer/viewer/label-overlay.ts';
import { packColour, paintLabels, traceOutlines } from '../../../renderer/viewer/slices/paint-labels.ts';
import { makeVolume } from './make-volume.ts';

describe('labels over an image', () => {
  const voxels = new Uint8Array(4 * 5 * 6);
  voxels[1 + 4 * (2 + 5 * 3)] = 1;
  voxels[2 + 4 * (2 + 5 * 3)] = 1;
  voxels[2 + 4 * (4 + 5 * 5)] = 7;
  const image = makeVolume();
  const label = makeVolume({ voxels, id: 'label' });

  it('are named, coloured and found', () => {
    const overlay = makeOverlay(
      { id: 'truth', name: 'Truth', volume: label, names: { '1': 'Anterior' } },
      image,
    );
    expect(overlay.classes.map(({ label: number, name }) => [number, name])).toEqual([
      [1, 'Anterior'],
      [7, 'Label 7'],
    ]);
    expect(classAt(overlay, [1, 2, 3])?.name).toBe('Anterior');
    expect(classAt(overlay, [0, 0, 0])).toBeUndefined();
    expect(overlay.volume).toBe(label);
    expect(overlay.middleMm).toEqual(voxelToFrame(image.frame, [2, 2, 3]));
  });

  it('on another grid are looked up by the place in the world', () => {
    // Half the voxel size, and shifted by two of its voxels: image voxel (x, y, z) is label voxel (2x + 2, 2y + 2, 2z + 2).
    const shape = [12, 14, 16] as const;
    const fine = new Uint8Array(12 * 14 * 16);
    const at = (x: number, y: number, z: number): number => x + 12 * (y + 14 * z);
    fine[at(2 * 1 + 2, 2 * 2 + 2, 2 * 3 + 2)] = 5;
    const affine = diagonalAffine([0.5, 1, 1.5], [-11, 18, 27]);
    const moved = onGridOf(makeVolume({ shape, voxels: fine, affine }), image);
    expect(moved.facts.shape).toEqual([4, 5, 6]);
    const marked = [...moved.voxels].flatMap((value, index) => (value === 0 ? [] : [[index, value]]));
    expect(marked).toEqual([[1 + 4 * (2 + 5 * 3), 5]]);
  });

  it('outside of the other grid are background', () => {
    const small = makeVolume({
      shape: [1, 1, 1],
      voxels: Uint8Array.of(3),
      affine: diagonalAffine([1, 2, 3], [-10, 20, 30]),
    });
    expect([...onGridOf(small, image).voxels].filter((value) => value !== 0)).toEqual([3]);
  });

  it('that are hidden have no colour', () => {
    const overlay = makeOverlay({ id: 'truth', name: 'Truth', volume: label }, image);
    const hidden = {
      ...overlay,
      classes: overlay.classes.map((found) => ({ ...found, isVisible: found.label !== 7 })),
    };
    const table = coloursOf(hidden);
    expect([table[0], table[7]]).toEqual([0, 0]);
    expect(table[1]).toBe(packColour([0xff, 0x5a, 0x4f]));
  });
});

describe('painting', () => {
  it('writes red, green and blue where a canvas has them', () => {
    const pixels = new Uint32Array(4);
    paintLabels(
      Uint8Array.of(0, 1, 2, 200),
      Uint32Array.of(0, packColour([1, 2, 3]), packColour([4, 5, 6], 7)),
      pixels,
    );
    expect([...new Uint8Array(pixels.buffer)]).toEqual([0, 0, 0, 0, 1, 2, 3, 255, 4, 5, 6, 7, 0, 0, 0, 0]);
  });

  it('leaves out labels that are no table entries', () => {
    const pixels = new Uint32Array(2);
    paintLabels(Float32Array.of(-1, NaN), Uint32Array.of(0, 1), pixels);
    expect([...pixels]).toEqual([0, 0]);
  });
});

describe('outlines', () => {
  it('go around a block in four lines', () => {
    const labels = Uint8Array.of(
      ...[0, 0, 0, 0],
      ...[0, 1, 1, 0],
      ...[0, 1, 1, 0],
    ); // prettier-ignore
    expect(traceOutlines(labels, 4, 3).get(1)).toEqual([
      ...[1, 1, 3, 1],
      ...[1, 3, 3, 3],
      ...[1, 1, 1, 3],
      ...[3, 1, 3, 3],
    ]);
  });

  it('between two labels belong to both', () => {
    const lines = traceOutlines(Uint8Array.of(1, 2), 2, 1);
    expect(lines.get(1)).toContainEqual(expect.anything());
    const vertical = (label: number): number[][] =>
      [...Array(lines.get(label)!.length / 4).keys()]
        .map((at) => lines.get(label)!.slice(at * 4, at * 4 + 4))
        .filter(([x0, , x1]) => x0 === 1 && x1 === 1);
    expect(vertical(1)).toEqual([[1, 0, 1, 1]]);
    expect(vertical(2)).toEqual([[1, 0, 1, 1]]);
  });

  it('close at the edge of the slice', () => {
    const length = (traceOutlines(Uint8Array.of(1), 1, 1).get(1) ?? []).length;
    expect(length).toBe(16);
  });
});
