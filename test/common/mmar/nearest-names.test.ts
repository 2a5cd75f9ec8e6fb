import { describe, expect, it } from 'vitest';
import { editDistance, nearestNames, suggestNames } from '../../../common/mmar/nearest-names.ts';

describe('editDistance', () => {
  it.each([
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['same', 'same', 0],
    ['lr', 'rl', 1],
    ['Spacnigd', 'Spacingd', 1],
  ])('%s to %s', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });
});

describe('nearestNames', () => {
  it('gives the nearest first, whatever the case, and none that is far', () => {
    expect(nearestNames('DICELOS', ['FocalLoss', 'DiceLoss', 'DiceCELoss', 'UNet'])).toEqual(['DiceLoss']);
    expect(nearestNames('softmaxx', ['softmax', 'sigmoid'])).toEqual(['softmax']);
    expect(nearestNames('banana', ['UNet', 'Adam'])).toEqual([]);
  });

  it('words a question, or nothing', () => {
    expect(suggestNames('sofmax', ['softmax'])).toBe(' Did you mean softmax?');
    expect(suggestNames('banana', ['softmax'])).toBe('');
  });
});
