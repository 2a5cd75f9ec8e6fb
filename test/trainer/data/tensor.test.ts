import { describe, expect, test } from 'vitest';
import { FaultError } from '../../../common/fault.ts';
import { describeFile, locateFaults } from '../../../trainer/data/locate-faults.ts';
import { moveAxisToFront, moveFirstAxisToEnd } from '../../../trainer/data/move-axis.ts';
import { createTensor, isTensor, stridesOf } from '../../../trainer/data/tensor.ts';

const tensor = createTensor(
  [2, 3, 4],
  Float32Array.from({ length: 24 }, (_, index) => index),
);

describe('tensors', () => {
  test('shape and data must fit', () => {
    expect(() => createTensor([2, 2], new Float32Array(5))).toThrow('cannot hold 5 numbers');
    expect(isTensor(tensor)).toBe(true);
    expect(isTensor({ shape: [1], data: [1] })).toBe(false);
    expect(isTensor(null)).toBe(false);
    expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1]);
  });

  test('an axis goes to the front', () => {
    const moved = moveAxisToFront(tensor, -1);
    expect(moved.shape).toEqual([4, 2, 3]);
    expect([...moved.data.slice(0, 7)]).toEqual([0, 4, 8, 12, 16, 20, 1]);
    const middle = moveAxisToFront(tensor, 1);
    expect(middle.shape).toEqual([3, 2, 4]);
    expect([...middle.data.slice(0, 9)]).toEqual([0, 1, 2, 3, 12, 13, 14, 15, 4]);
    expect(moveAxisToFront(tensor, 0)).toEqual(tensor);
  });

  test('the first axis goes to the end, and back', () => {
    const moved = moveFirstAxisToEnd(tensor);
    expect(moved.shape).toEqual([3, 4, 2]);
    expect([...moved.data.slice(0, 4)]).toEqual([0, 12, 1, 13]);
    expect(moveAxisToFront(moved, -1)).toEqual(tensor);
  });
});

describe('faults name files relative to the data root', () => {
  test.each([
    ['/data/imagesTr/a.nii', 'imagesTr/a.nii'],
    ['/elsewhere/b.nii', 'b.nii'],
    ['/data', 'data'],
    ['/data2/c.nii', 'c.nii'],
  ])('%s as %s', (file, name) => {
    expect(describeFile(file, '/data')).toBe(name);
  });

  test('other errors, and names that are relative already, stay', () => {
    const defect = new Error('a defect');
    expect(locateFaults(defect, '/data')).toBe(defect);
    const error = new FaultError(
      { code: 'image-missing', file: '/data/a.nii', message: 'one' },
      { code: 'data-list', file: 'list.json', message: 'two' },
      { code: 'schema', message: 'three' },
    );
    const located = locateFaults(error, '/data') as FaultError;
    expect(located.faults.map(({ file }) => file)).toEqual(['a.nii', 'list.json', undefined]);
    expect(located.message).not.toContain('/data');
  });
});
