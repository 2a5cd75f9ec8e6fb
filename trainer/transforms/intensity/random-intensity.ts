import {
  randAdjustContrastSpec,
  randGaussianNoiseSpec,
  randGaussianSmoothSpec,
  randScaleIntensitySpec,
  randShiftIntensitySpec,
  type RandAdjustContrastArgs,
  type RandGaussianNoiseArgs,
  type RandGaussianSmoothArgs,
  type RandScaleIntensityArgs,
  type RandShiftIntensityArgs,
} from '../../../common/components/transforms/intensity.ts';
import type { Item } from '../../data/item.ts';
import type { Tensor } from '../../data/tensor.ts';
import type { RandomState } from '../../random/random-state.ts';
import {
  findTensor,
  listKeys,
  listMetaKeys,
  mapImages,
  spreadOverKeys,
  type KeyArguments,
} from '../item-access.ts';
import { RandomDraws } from '../random-draws.ts';
import { reportDraw } from '../report-draw.ts';
import type { RandomTransform } from '../transform.ts';
import { adjustContrast } from './adjust-contrast.ts';
import { smoothGaussian } from './gaussian-smooth.ts';
import { mapValues } from './map-values.ts';
import { scaleByFactor } from './scale-intensity.ts';

const { fround } = Math;

type Range = readonly [low: number, high: number];

/** A number stands for the range to both sides of 0. */
function toRange(spread: number | readonly [number, number]): Range {
  const [first, second] = typeof spread === 'number' ? [-spread, spread] : spread;
  return [Math.min(first, second), Math.max(first, second)];
}

/** How one item is changed: made from fresh draws, then used for all keys. */
type Change = (tensor: Tensor, index: number) => Tensor;

/** A transform that with probability `prob` draws its parameters once per item and changes all keys by them. */
function createRandomIntensity(
  name: string,
  args: KeyArguments & { readonly prob: number },
  draw: (random: RandomState, item: Item) => Change,
): RandomTransform {
  const draws = new RandomDraws();
  return {
    name,
    setRandomState: (seed) => draws.restart(seed),
    apply(item) {
      if (!draws.decide(args.prob)) return item;
      const hasImage = listKeys(args).some((key) => findTensor(item, key, args, name) !== undefined);
      if (!hasImage) return item;
      const change = draw(draws.drawParameters(), item);
      return mapImages(item, args, name, change);
    },
  };
}

/** `monai.transforms.RandShiftIntensityd` (0.8.1). */
export function createRandShiftIntensity(args: RandShiftIntensityArgs): RandomTransform {
  const { name } = randShiftIntensitySpec;
  const [low, high] = toRange(args.offsets);
  const keys = listKeys(args);
  const factorKeys = spreadOverKeys(args.factor_key ?? null, keys, name, 'factor_key');
  const metaKeys = listMetaKeys(args, name);
  return createRandomIntensity(name, args, (random, item) => {
    const offset = random.uniform(low, high);
    reportDraw('offset', offset);
    return (tensor, index) => {
      const shift = fround(offset * findFactor(item, metaKeys[index], factorKeys[index]));
      return mapValues(tensor, (value) => value + shift);
    };
  });
}

function findFactor(item: Item, metaKey: string, factorKey: string | null): number {
  const meta = item[metaKey];
  if (factorKey === null || typeof meta !== 'object' || meta === null) return 1;
  const factor = (meta as Readonly<Record<string, unknown>>)[factorKey];
  return typeof factor === 'number' ? factor : 1;
}

/** `monai.transforms.RandScaleIntensityd` (0.8.1). */
export function createRandScaleIntensity(args: RandScaleIntensityArgs): RandomTransform {
  const [low, high] = toRange(args.factors);
  return createRandomIntensity(randScaleIntensitySpec.name, args, (random) => {
    const factor = random.uniform(low, high);
    reportDraw('factor', 1 + factor);
    return (tensor) => scaleByFactor(tensor, factor);
  });
}

/** `monai.transforms.RandGaussianNoised` (0.8.1): noise of the first key's shape, the same for all keys. */
export function createRandGaussianNoise(args: RandGaussianNoiseArgs): RandomTransform {
  const { name } = randGaussianNoiseSpec;
  return createRandomIntensity(name, args, (random, item) => {
    const first = listKeys(args)
      .map((key) => findTensor(item, key, args, name))
      .find((found) => found !== undefined);
    const deviation = random.uniform(0, args.std);
    reportDraw('noise (standard deviation)', deviation);
    const noise = new Float32Array(first?.data.length ?? 0);
    for (let index = 0; index < noise.length; index++) noise[index] = random.normal(args.mean, deviation);
    return ({ shape, data }) => ({ shape, data: data.map((value, index) => value + noise[index]) });
  });
}

/** `monai.transforms.RandAdjustContrastd` (0.8.1). */
export function createRandAdjustContrast(args: RandAdjustContrastArgs): RandomTransform {
  const [low, high] = typeof args.gamma === 'number' ? [0.5, args.gamma] : toRange(args.gamma);
  return createRandomIntensity(randAdjustContrastSpec.name, args, (random) => {
    const gamma = random.uniform(low, high);
    reportDraw('gamma', gamma);
    return (tensor) => adjustContrast(tensor, gamma);
  });
}

/** `monai.transforms.RandGaussianSmoothd` (0.8.1): a width is drawn for all three axes, used for as many as there are. */
export function createRandGaussianSmooth(args: RandGaussianSmoothArgs): RandomTransform {
  return createRandomIntensity(randGaussianSmoothSpec.name, args, (random) => {
    const sigmas = [args.sigma_x, args.sigma_y, args.sigma_z].map(([low, high]) => random.uniform(low, high));
    reportDraw('sigma', sigmas);
    return (tensor) => smoothGaussian(tensor, sigmas.slice(0, tensor.shape.length - 1));
  });
}
