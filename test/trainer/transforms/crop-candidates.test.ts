import { describe, expect, test } from 'vitest';
import { createTensor } from '../../../trainer/data/tensor.ts';
import { createRandomState } from '../../../trainer/random/random-state.ts';
import {
  findCandidates,
  listedCandidates,
  type Candidates,
} from '../../../trainer/transforms/crop-pad/crop-candidates.ts';
import { drawCenters } from '../../../trainer/transforms/crop-pad/crop-centers.ts';

const shape = [1, 20, 30, 40];
const count = 20 * 30 * 40;
const label = createTensor(
  shape,
  Float32Array.from({ length: count }, (_, index) => (index % 7919 < 3 || index > 23990 ? 1 : 0)),
);
const image = createTensor(
  shape,
  Float32Array.from({ length: count }, (_, index) => index % 5),
);

const listAll = (candidates: Candidates): number[] =>
  Array.from({ length: candidates.count }, (_, rank) => candidates.at(rank));

const positions = (test: (position: number) => boolean): number[] =>
  Array.from({ length: count }, (_, position) => position).filter(test);

describe('candidates for crop centres', () => {
  test('foreground is what is labelled, background the rest', () => {
    const { foreground, background } = findCandidates(label);
    expect(listAll(foreground)).toEqual(positions((position) => label.data[position] !== 0));
    expect(background.count).toBe(count - foreground.count);
    expect([0, 1, 5000, background.count - 1].map((rank) => background.at(rank))).toEqual(
      [0, 1, 5000, background.count - 1].map(
        (rank) => positions((position) => label.data[position] === 0)[rank],
      ),
    );
  });

  test('background only where the image is above the threshold', () => {
    const { background } = findCandidates(label, { image, threshold: 2 });
    const expected = positions((position) => label.data[position] === 0 && image.data[position] > 2);
    expect(background.count).toBe(expected.length);
    expect(background.at(4999)).toBe(expected[4999]);
  });

  test('of a label with channels the first one is background', () => {
    const data = new Float32Array(2 * 8);
    data.fill(1, 0, 8);
    data[8 + 5] = 1;
    const { foreground } = findCandidates(createTensor([2, 2, 2, 2], data));
    expect(listAll(foreground)).toEqual([5]);
  });

  test('no NaN counts as above, and NaN labels count as labelled, as in MONAI', () => {
    const strange = createTensor([1, 3], Float32Array.from([Number.NaN, 0, 1]));
    const { foreground, background } = findCandidates(strange, { image: strange, threshold: -1 });
    expect(listAll(foreground)).toEqual([0, 2]);
    expect(listAll(background)).toEqual([1]);
  });
});

describe('centres', () => {
  test('stay where a patch fits', () => {
    const candidates = { foreground: listedCandidates([0]), background: listedCandidates([59]) };
    const rules = { count: 40, foregroundRatio: 0.5, shape: [3, 4, 5], patchSize: [3, 2, 2] };
    const centers = drawCenters(candidates, rules, createRandomState(1));
    expect(new Set(centers.map((center) => center.join()))).toEqual(new Set(['1,1,1', '1,3,4']));
  });

  test('one kind alone is taken whatever the ratio', () => {
    const none = listedCandidates([]);
    const rules = { count: 9, foregroundRatio: 0, shape: [2, 2], patchSize: [1, 1] };
    const some = listedCandidates([3]);
    expect(drawCenters({ foreground: some, background: none }, rules, createRandomState(1))).toHaveLength(9);
    const wanted = { ...rules, foregroundRatio: 1 };
    expect(drawCenters({ foreground: none, background: some }, wanted, createRandomState(1))).toHaveLength(9);
  });
});
