import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { diagonalAffine, identityAffine, type Affine } from '../../../common/imaging/affine.ts';
import { encodePng } from '../../../common/imaging/encode-png.ts';
import { labelRgb } from '../../../common/imaging/label-palette.ts';
import type { ImageMeta, Item } from '../../../trainer/data/item.ts';
import { createTensor, type Tensor } from '../../../trainer/data/tensor.ts';
import { drawSample } from '../../../trainer/samples/draw-sample.ts';
import { findFullestSlice, findPlane } from '../../../trainer/samples/find-plane.ts';
import { readClasses } from '../../../trainer/samples/read-classes.ts';
import { decodePng, pixelOf } from './decode-png.ts';

type Index = readonly [x: number, y: number, z: number];
const SHAPE = [8, 8, 4] as const;

function fill(valueAt: (index: Index) => number, shape: Index = SHAPE): Tensor {
  const data: number[] = [];
  for (let x = 0; x < shape[0]; x++)
    for (let y = 0; y < shape[1]; y++) for (let z = 0; z < shape[2]; z++) data.push(valueAt([x, y, z]));
  return createTensor([1, ...shape], Float32Array.from(data));
}

function oneHot({ shape, data }: Tensor, classCount: number): Tensor {
  const channels = Array.from({ length: classCount }, (_, label) =>
    [...data].map((value) => +(value === label)),
  );
  return createTensor([classCount, ...shape.slice(1)], Float32Array.from(channels.flat()));
}

const metaOf = (affine: Affine): ImageMeta => ({
  affine,
  originalAffine: affine,
  spatialShape: SHAPE,
  originalChannelDim: 'no_channel',
  fileName: 'case.nii',
});

/** Dark at low x; a square of class 2 in slice 3, of which the prediction has the half of higher y. */
const isTruth = ([x, y, z]: Index): boolean => z === 3 && x >= 4 && x < 7 && y >= 2 && y < 6;
const image = fill(([x]) => x);
const label = fill((index) => (isTruth(index) ? 2 : 0));
const pred = fill((index) => (isTruth(index) && index[1] >= 4 ? 2 : 0));
const item: Item = { image, label, pred, image_meta_dict: metaOf(identityAffine) };

/** The middle of a voxel of the picture that has eight in 384 pixels, both axes reversed. */
const at = (x: number, y: number): readonly [number, number] => [(7 - x) * 48 + 24, (7 - y) * 48 + 24];

describe('a sample picture', () => {
  const picture = decodePng(encodePng(drawSample(item)!, zlib));
  const grey = pixelOf(picture, ...at(5, 0))[0]!;

  it('is the slice with most of the truth, the right of the patient at the left, from black to white', () => {
    expect([picture.width, picture.height]).toEqual([384, 384]);
    expect(pixelOf(picture, ...at(7, 0))).toEqual([255, 255, 255]);
    expect(pixelOf(picture, ...at(0, 0))).toEqual([0, 0, 0]);
    expect(grey).toBe(Math.round((255 * 5) / 7));
  });

  it('has the prediction as a translucent fill in the colour of the label', () => {
    const filled = labelRgb(2).map((part) => Math.round(grey * 0.6 + part * 0.4));
    expect(pixelOf(picture, ...at(5, 4))).toEqual(filled);
    expect(pixelOf(picture, ...at(5, 3)), 'truth that was not found').toEqual([grey, grey, grey]);
  });

  it('has the truth as an outline, two pixels wide', () => {
    const left = (7 - 6) * 48;
    const [, row] = at(6, 3);
    const columns = [-1, 0, 1, 2].map((step) => pixelOf(picture, left + step, row));
    expect(columns.map((colour) => `${colour}` === `${labelRgb(2)}`)).toEqual([false, true, true, false]);
  });

  it('is the same with one channel per class', () => {
    const hot = { ...item, label: oneHot(label, 3), pred: oneHot(pred, 3) };
    expect(drawSample(hot)).toEqual(drawSample(item));
    expect(drawSample({ ...item, pred: oneHot(pred, 3) })).toEqual(drawSample(item));
  });

  it('shows the prediction where there is no truth, and the middle where there is neither', () => {
    const none = fill(() => 0);
    const found = drawSample({ ...item, label: none })!;
    expect(pixelOf(found, ...at(5, 4))).toEqual(pixelOf(picture, ...at(5, 4)));
    const [bySlice, slices] = [fill(([, , z]) => z), fill(([x, , z]) => (z === 2 ? x : 100 * z))];
    expect(
      drawSample({ ...item, image: bySlice, label: none, pred: none })!.rgb.every((part) => part === 0),
    ).toBe(true);
    expect(pixelOf(drawSample({ ...item, image: slices, label: none, pred: none })!, 0, 0)).toEqual([
      255, 255, 255,
    ]);
  });

  it('turns the image as its affine says', () => {
    const mirrored = drawSample({ ...item, image_meta_dict: metaOf(diagonalAffine([-1, 1, 1])) })!;
    expect(pixelOf(mirrored, ...at(7, 0))).toEqual([0, 0, 0]);
    expect(pixelOf(mirrored, ...at(0, 0))).toEqual([255, 255, 255]);
  });

  it('has square pixels in millimetres', () => {
    const { width, height } = drawSample({ ...item, image_meta_dict: metaOf(diagonalAffine([1, 2, 5])) })!;
    expect([width, height]).toEqual([192, 384]);
  });

  it('can be drawn of a picture of two axes, of one value, of no numbers', () => {
    const flat = (value: number) => createTensor([1, 4, 4], new Float32Array(16).fill(value));
    const drawn = drawSample({ image: flat(7), label: flat(0), pred: flat(0) })!;
    expect([drawn.width, drawn.height]).toEqual([384, 384]);
    expect(new Set(drawn.rgb)).toEqual(new Set([0]));
    expect(new Set(drawSample({ image: flat(NaN), label: flat(0), pred: flat(0) })!.rgb)).toEqual(
      new Set([0]),
    );
  });

  it('is not made of what is no segmentation', () => {
    const { label: _, ...unlabelled } = item;
    expect(drawSample(unlabelled)).toBeUndefined();
    expect(drawSample({ ...item, label: 1 })).toBeUndefined();
    const classes = createTensor([2], Float32Array.of(0, 1));
    expect(drawSample({ ...item, label: classes, pred: classes })).toBeUndefined();
    expect(drawSample({ image: classes, label: classes, pred: classes })).toBeUndefined();
    expect(drawSample({ ...item, pred: fill(() => 0, [8, 8, 3]) })).toBeUndefined();
  });
});

describe('findPlane', () => {
  it('takes the plane with most voxels, axial before coronal before sagittal', () => {
    const sizeAcross = (shape: Index) => findPlane(shape, identityAffine).across;
    expect(sizeAcross([5, 5, 5])).toMatchObject({ stride: 1 });
    expect(sizeAcross([5, 4, 4])).toMatchObject({ size: 4, stride: 1 });
    expect(sizeAcross([5, 3, 9])).toMatchObject({ size: 3, stride: 9 });
    expect(sizeAcross([2, 3, 9])).toMatchObject({ size: 2, stride: 27 });
  });

  it('finds the fullest slice across any axis', () => {
    const shape: Index = [4, 5, 6];
    const { data } = fill(([x, y]) => (x === 3 && y > 0 ? 1 : 0), shape);
    const plane = findPlane(shape, identityAffine);
    expect(findFullestSlice(plane, data.length, (voxel) => data[voxel]! > 0)).toEqual({
      slice: 3,
      count: 24,
    });
  });
});

describe('readClasses', () => {
  const regions = createTensor([3, 1, 1, 4], Float32Array.of(0, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0));

  it('lays of regions that overlap the smaller one on top', () => {
    const [truth, prediction] = readClasses(
      regions,
      createTensor([3, 1, 1, 4], Float32Array.of(0.6, 0, 0, 0, 0.9, 0.4, 1, 0, 0, 0, 0, 0)),
    );
    expect([0, 1, 2, 3].map(truth)).toEqual([2, 1, 3, 0]);
    expect([0, 1, 2, 3].map(prediction)).toEqual([1, 0, 2, 0]);
  });

  it('rounds numbers, and takes what is none for background', () => {
    const numbers = createTensor([1, 1, 1, 4], Float32Array.of(0.7, -2, NaN, 2));
    expect([0, 1, 2, 3].map(readClasses(numbers, numbers)[0])).toEqual([1, 0, 0, 2]);
  });
});
