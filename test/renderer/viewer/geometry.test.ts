import { describe, expect, it } from 'vitest';
import {
  composeAffine,
  diagonalAffine,
  multiplyAffines,
  transformPoint,
  type Vector3,
} from '../../../common/imaging/affine.ts';
import {
  changeFrame,
  frameOf,
  frameToVoxel,
  frameToWorld,
  isInside,
  nearestVoxel,
  voxelToFrame,
  worldToFrame,
} from '../../../renderer/viewer/geometry/frame.ts';
import {
  fitMmPerPixel,
  frameToPane,
  paneToFrame,
  placeSlice,
  type PaneView,
} from '../../../renderer/viewer/geometry/pane-transform.ts';
import { axesOf, edgeLetters, formatWorld, planes } from '../../../renderer/viewer/geometry/plane.ts';
import { chooseScaleBar } from '../../../renderer/viewer/geometry/scale-bar.ts';
import { extractSlices, quantisationOf, quantise } from '../../../renderer/viewer/slices/extract-slice.ts';
import { SliceSource } from '../../../renderer/viewer/slices/slice-source.ts';
import { makeVolume } from './make-volume.ts';

/** A rotation by 20 degrees about z, with the voxel sizes of an anisotropic scan. */
const [c, s] = [Math.cos(0.35), Math.sin(0.35)];
const oblique = multiplyAffines(
  composeAffine([c, -s, 0, s, c, 0, 0, 0, 1], [7, -8, 9]),
  diagonalAffine([0.5, 0.8, 4]),
);

const close = (point: readonly number[], wanted: readonly number[]): void =>
  point.forEach((part, axis) => expect(part).toBeCloseTo(wanted[axis]!, 9));

describe('a frame', () => {
  const frame = frameOf({ shape: [10, 20, 30], spacingMm: [0.5, 0.8, 4], affine: oblique });

  it('agrees with the affine about where every voxel is', () => {
    for (const voxel of [
      [0, 0, 0],
      [9, 19, 29],
      [2.5, 7, 11.25],
    ] as const) {
      close(frameToWorld(frame, voxelToFrame(frame, voxel)), transformPoint(oblique, voxel));
      close(frameToVoxel(frame, worldToFrame(frame, transformPoint(oblique, voxel))), voxel);
    }
  });

  it('has true distances along and between its axes', () => {
    const [a, b] = [voxelToFrame(frame, [1, 2, 3]), voxelToFrame(frame, [4, 6, 8])];
    const distance = Math.hypot(...a.map((part, axis) => part - b[axis]!));
    const [p, q] = [frameToWorld(frame, a), frameToWorld(frame, b)];
    expect(distance).toBeCloseTo(Math.hypot(...p.map((part, axis) => part - q[axis]!)), 9);
  });

  it('keeps a place of the world from one volume to another', () => {
    const other = frameOf({
      shape: [7, 7, 7],
      spacingMm: [1, 1, 1],
      affine: diagonalAffine([1, 1, 1], [3, 4, 5]),
    });
    const point = voxelToFrame(frame, [3, 4, 5]);
    close(frameToWorld(other, changeFrame(frame, other, point)), transformPoint(oblique, [3, 4, 5]));
  });

  it('knows its nearest voxel and its edges', () => {
    expect(nearestVoxel(frame, voxelToFrame(frame, [2.4, 18.6, -5]))).toEqual([2, 19, 0]);
    expect(isInside(frame, voxelToFrame(frame, [-0.49, 0, 0]))).toBe(true);
    expect(isInside(frame, voxelToFrame(frame, [-0.51, 0, 0]))).toBe(false);
  });
});

describe('planes', () => {
  it('have the letters that radiologists expect', () => {
    const letters = planes.map((plane) => edgeLetters(axesOf(plane, 'radiological')));
    expect(letters).toEqual([
      { left: 'R', right: 'L', top: 'A', bottom: 'P' },
      { left: 'R', right: 'L', top: 'S', bottom: 'I' },
      { left: 'A', right: 'P', top: 'S', bottom: 'I' },
    ]);
  });

  it('change left and right in neurological convention, but not the sagittal one', () => {
    expect(edgeLetters(axesOf('axial', 'neurological'))).toEqual({
      left: 'L',
      right: 'R',
      top: 'A',
      bottom: 'P',
    });
    expect(edgeLetters(axesOf('coronal', 'neurological')).left).toBe('L');
    expect(edgeLetters(axesOf('sagittal', 'neurological')).left).toBe('A');
  });

  it('write points of the world by the side that they are on', () => {
    expect(formatWorld([12.34, -5, 0])).toBe('R 12.3  P 5.0  S 0.0');
    expect(formatWorld([-1, 2, -3])).toBe('L 1.0  A 2.0  I 3.0');
  });
});

/** Where letters stand and where voxels are drawn has to agree: a marked voxel at each end is looked for on the screen. */
describe.each(['radiological', 'neurological'] as const)('a %s slice', (convention) => {
  const volume = makeVolume({ shape: [4, 5, 6] });
  const { frame, voxels } = volume;

  it.each(planes)('shows the ends of %s axes at the edges that are named so', (plane) => {
    const axes = axesOf(plane, convention);
    const letters = edgeLetters(axes);
    const [columns, rows] = [frame.shape[axes.across], frame.shape[axes.down]];
    const pixels = extractSlices(voxels, frame.shape, axes, 1, new Int16Array(columns * rows));
    const voxelAt = (column: number, row: number): Vector3 => {
      const value = pixels[row * columns + column]!;
      return [value % 10, Math.floor(value / 10) % 10, Math.floor(value / 100)];
    };
    // Voxel axes point right, anterior, superior: the larger index lies towards R, A or S.
    const positive = ['R', 'A', 'S'][axes.across]!;
    const [first, last] = [voxelAt(0, 0)[axes.across], voxelAt(columns - 1, 0)[axes.across]];
    expect(last > first).toBe(letters.right === positive);
    expect(voxelAt(0, 0)[axes.down]).toBe(rows - 1);
    expect(letters.top).toBe(['R', 'A', 'S'][axes.down]);
    expect(voxelAt(0, 0)[axes.normal]).toBe(1);
  });

  it.each(planes)('draws each voxel of a %s slice where the pane says that it is', (plane) => {
    const axes = axesOf(plane, convention);
    const view: PaneView = {
      axes,
      width: 300,
      height: 200,
      centreMm: voxelToFrame(frame, [1, 2, 3]),
      mmPerPixel: 0.13,
    };
    const placement = placeSlice(view, frame);
    expect(placement.slice).toBe([1, 2, 3][axes.normal]);
    const columns = frame.shape[axes.across];
    const pixels = extractSlices(
      voxels,
      frame.shape,
      axes,
      placement.slice,
      new Int16Array(columns * frame.shape[axes.down]),
    );
    for (let row = 0; row < frame.shape[axes.down]; row++) {
      for (let column = 0; column < columns; column++) {
        const x = placement.left + (column + 0.5) * placement.scaleX;
        const y = placement.top + (row + 0.5) * placement.scaleY;
        const point = paneToFrame(view, { x, y });
        const [i, j, k] = frameToVoxel(frame, point).map(Math.round) as unknown as Vector3;
        expect(pixels[row * columns + column]).toBe(i + 10 * j + 100 * k);
        close(frameToVoxel(frame, point), [i, j, k]);
      }
    }
  });
});

describe('a pane', () => {
  const frame = frameOf({ shape: [100, 200, 20], spacingMm: [0.5, 0.8, 4], affine: oblique });
  const view = (plane: (typeof planes)[number]): PaneView => ({
    axes: axesOf(plane, 'radiological'),
    width: 400,
    height: 300,
    centreMm: voxelToFrame(frame, [30, 40, 5]),
    mmPerPixel: 0.4,
  });

  it('goes from places to points and back', () => {
    for (const plane of planes) {
      const { x, y } = frameToPane(view(plane), paneToFrame(view(plane), { x: 17, y: 250 }));
      expect([x, y]).toEqual([expect.closeTo(17, 9), expect.closeTo(250, 9)]);
    }
  });

  it('draws millimetres of both directions equally long, whatever the voxels are like', () => {
    const { scaleX, scaleY } = placeSlice(view('coronal'), frame);
    expect(scaleX / 0.5).toBeCloseTo(scaleY / 4, 9);
    const [a, b] = [frameToPane(view('coronal'), [0, 0, 0]), frameToPane(view('coronal'), [10, 0, 10])];
    expect(Math.abs(a.x - b.x)).toBeCloseTo(Math.abs(a.y - b.y), 9);
  });

  it('shows one point of the world at the crosshair of all panes', () => {
    const cursor = voxelToFrame(frame, [30, 40, 5]);
    const worlds = planes.map((plane) => {
      const place = frameToPane(view(plane), cursor);
      return frameToWorld(frame, paneToFrame(view(plane), place));
    });
    for (const world of worlds) close(world, transformPoint(oblique, [30, 40, 5]));
  });

  it('fits whole slices', () => {
    const axes = axesOf('axial', 'radiological');
    expect(fitMmPerPixel(frame, axes, { width: 520, height: 52 })).toBeCloseTo((160 / 52) * 1.04, 9);
    expect(fitMmPerPixel(frame, axes, { width: 0, height: 10 })).toBe(1);
  });

  it.each([
    [0.1, 140, 10, '1 cm'],
    [1, 140, 100, '10 cm'],
    [0.01, 100, 1, '1 mm'],
    [0.001, 90, 0.05, '50 µm'],
    [0.5, 100, 50, '5 cm'],
  ])('has a scale bar: %d mm a pixel', (mmPerPixel, most, mm, label) => {
    const bar = chooseScaleBar(mmPerPixel, most);
    expect(bar.label).toBe(label);
    expect(bar.pixels).toBeCloseTo(mm / mmPerPixel, 6);
    expect(bar.pixels).toBeLessThanOrEqual(most);
  });
});

describe('the source of slices', () => {
  const voxels = {
    uint8: Uint8Array.from({ length: 21 * 5 * 6 }, (_, at) => at % 251),
    int16: Int16Array.from({ length: 21 * 5 * 6 }, (_, at) => at - 300),
    float32: Float32Array.from({ length: 21 * 5 * 6 }, (_, at) => at / 7),
  };

  it.each(['uint8', 'int16', 'float32'] as const)('gives every slice of %s, in any order', (type) => {
    const volume = makeVolume({ shape: [21, 5, 6], voxels: voxels[type] });
    for (const convention of ['radiological', 'neurological'] as const) {
      const source = new SliceSource(false);
      for (const plane of planes) {
        const axes = axesOf(plane, convention);
        for (let step = 0; step < 40; step++) {
          const slice = (step * 7) % volume.frame.shape[axes.normal];
          const pixels = source.read(volume, axes, slice);
          const columns = volume.frame.shape[axes.across];
          expect(pixels.length).toBe(columns * volume.frame.shape[axes.down]);
          pixels.forEach((value, at) => {
            const place: [number, number, number] = [0, 0, 0];
            place[axes.normal] = slice;
            const column = at % columns;
            place[axes.across] = axes.acrossSign === 1 ? column : columns - 1 - column;
            place[axes.down] = volume.frame.shape[axes.down] - 1 - Math.floor(at / columns);
            expect(value).toBe(voxels[type][place[0] + 21 * (place[1] + 5 * place[2])]);
          });
        }
      }
    }
  });

  it('follows another volume', () => {
    const source = new SliceSource(true);
    const axes = axesOf('sagittal', 'radiological');
    source.read(makeVolume({ shape: [21, 5, 6], voxels: voxels.float32 }), axes, 3);
    expect(source.quantisation).toBeDefined();
    const other = makeVolume({ shape: [21, 5, 6], voxels: voxels.int16, id: 'other' });
    expect(source.read(other, axes, 3)).toBeInstanceOf(Int16Array);
    expect(source.quantisation).toBeUndefined();
  });
});

describe('float voxels', () => {
  it('become whole numbers that lie within half a level of them', () => {
    const values = Float32Array.from({ length: 120 }, (_, at) => Math.sin(at) * 1e6);
    const volume = makeVolume({ voxels: values });
    const { min, max } = volume.facts.statistics;
    const quantisation = quantisationOf(min, max);
    const levels = new Uint16Array(values.length);
    quantise(values, quantisation, levels);
    levels.forEach((level, at) => {
      const back = level * quantisation.step + quantisation.low;
      expect(Math.abs(back - values[at]!)).toBeLessThanOrEqual(quantisation.step * 0.501);
    });
    const ends = new Uint16Array(4);
    quantise(Float32Array.of(min, max, NaN, Infinity), quantisation, ends);
    expect([...ends]).toEqual([0, 65535, 0, 0]);
  });

  it('of one value everywhere are no division by zero', () => {
    expect(quantisationOf(5, 5)).toEqual({ low: 5, step: 1 });
  });
});
