import {
  flipSpec,
  randAxisFlipSpec,
  randFlipSpec,
  type FlipArgs,
  type RandAxisFlipArgs,
  type RandFlipArgs,
} from '../../../common/components/transforms/spatial.ts';
import type { Item } from '../../data/item.ts';
import { findTensor, listKeys, type KeyArguments } from '../item-access.ts';
import { flipAxes, resolveAxes } from '../motions/flip.ts';
import { RandomDraws } from '../random-draws.ts';
import { recordMotion } from '../record-motion.ts';
import { reportDraw } from '../report-draw.ts';
import type { RandomTransform, Transform } from '../transform.ts';

type AxisChoice = number | readonly number[] | null | undefined;

/** `monai.transforms.Flipd` (0.8.1): mirrors the named spatial axes, all of them when none is named. */
export function createFlip(args: FlipArgs): Transform {
  const { name } = flipSpec;
  return { name, apply: (item) => flipKeys(item, args, args.spatial_axis, name) };
}

/** `monai.transforms.RandFlipd` (0.8.1): one draw decides for all keys and axes. */
export function createRandFlip(args: RandFlipArgs): RandomTransform {
  const { name } = randFlipSpec;
  const draws = new RandomDraws();
  return {
    name,
    setRandomState: (seed) => draws.restart(seed),
    apply: (item) => (draws.decide(args.prob) ? flipKeys(item, args, args.spatial_axis, name) : item),
  };
}

/** `monai.transforms.RandAxisFlipd` (0.8.1): the axis is drawn for every item, changed or not. */
export function createRandAxisFlip(args: RandAxisFlipArgs): RandomTransform {
  const { name } = randAxisFlipSpec;
  const draws = new RandomDraws();
  return {
    name,
    setRandomState: (seed) => draws.restart(seed),
    apply(item) {
      const first = findFirst(item, args, name);
      if (first === undefined) return item;
      const isFlipped = draws.decide(args.prob);
      const axis = draws.drawParameters().integer(first.shape.length - 1);
      reportDraw('axis', axis);
      return isFlipped ? flipKeys(item, args, axis, name) : item;
    },
  };
}

function findFirst(item: Item, args: KeyArguments, name: string) {
  for (const key of listKeys(args)) {
    const tensor = findTensor(item, key, args, name);
    if (tensor !== undefined) return tensor;
  }
  return undefined;
}

function flipKeys(item: Item, args: KeyArguments, choice: AxisChoice, name: string): Item {
  return listKeys(args).reduce((current, key) => {
    const tensor = findTensor(current, key, args, name);
    if (tensor === undefined) return current;
    const axes = resolveAxes(choice, tensor.shape.length - 1);
    const moved = flipAxes(tensor, axes);
    return recordMotion(current, tensor, { name, key, moved, inverse: { type: 'flip', axes } });
  }, item);
}
