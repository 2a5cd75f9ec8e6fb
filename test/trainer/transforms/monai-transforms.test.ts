import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isAllClose } from '../../../common/imaging/affine.ts';
import { metaKeyOf, type ImageMeta, type Item } from '../../../trainer/data/item.ts';
import type { Tensor } from '../../../trainer/data/tensor.ts';
import { buildTransform } from '../../../trainer/transforms/registry.ts';
import { isRandomTransform, listItems } from '../../../trainer/transforms/transform.ts';
import { sampleItem } from './sample-item.ts';
import { differenceOf, type TensorStatistics } from './tensor-statistics.ts';

interface ExpectedItem {
  readonly image?: TensorStatistics;
  readonly label?: TensorStatistics;
  readonly start?: readonly number[];
  readonly end?: readonly number[];
  readonly affine?: readonly number[];
  readonly inverted?: Pick<ExpectedItem, 'image' | 'label'>;
}

interface Case {
  readonly name: string;
  readonly args: Record<string, unknown>;
  readonly shape: readonly number[];
  readonly affine: string;
  readonly seed: number | null;
  readonly rounds: readonly (readonly ExpectedItem[])[];
}

const fixture = new URL('../../fixtures/monai/transforms/transforms.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { cases: readonly Case[] };

/** float32 results of another order of operations. */
const TOLERANCE = 2e-6;

describe('transforms give the numbers of MONAI 0.8.1', () => {
  test.each(cases.map((found, index) => [`${found.name} ${index}`, found] as const))('%s', (_, expected) => {
    const transform = buildTransform(expected.name, expected.args);
    if (isRandomTransform(transform)) transform.setRandomState(expected.seed!);
    for (const round of expected.rounds) {
      const items = listItems(transform.apply(sampleItem(expected.shape, expected.affine)));
      expect(items.length).toBe(round.length);
      round.forEach((wanted, index) => compareItem(items[index], wanted));
    }
  });
});

function compareItem(item: Item, wanted: ExpectedItem): void {
  for (const key of ['image', 'label'] as const) {
    const statistics = wanted[key];
    if (statistics !== undefined) {
      expect((item[key] as Tensor).shape).toEqual(statistics.shape);
      expect(differenceOf(item[key] as Tensor, statistics)).toBeLessThan(TOLERANCE);
    }
    const inverted = wanted.inverted?.[key];
    if (inverted !== undefined) expect(differenceOf(invert(item, key), inverted)).toBeLessThan(TOLERANCE);
  }
  if (wanted.start !== undefined) {
    expect(item.foreground_start_coord).toEqual(wanted.start);
    expect(item.foreground_end_coord).toEqual(wanted.end);
  }
  if (wanted.affine !== undefined) {
    const { affine } = item[metaKeyOf('image')] as ImageMeta;
    expect(isAllClose(affine, wanted.affine, 1e-6, 1e-6)).toBe(true);
  }
}

function invert(item: Item, key: string): Tensor {
  const transform = buildTransform('Invertd', { keys: 'pred', orig_keys: key, nearest_interp: false });
  const [result] = listItems(transform.apply({ ...item, pred: item[key] }));
  return result.pred as Tensor;
}
