import { networkSizeDivisor } from '../../../common/components/networks.ts';
import type { Fault } from '../../../common/fault.ts';
import {
  componentOf,
  type ComponentNode,
  type ResolvedTrainConfig,
} from '../../../common/mmar/resolved-config.ts';
import type { DataSetUse } from './data-set-use.ts';
import { spatialSizeOf, type CaseImages } from './read-cases.ts';
import { exactSize, perAxisSize } from './size-bounds.ts';
import { prepareSizeTrace, type PatchProblem, type SizeTrace } from './trace-sizes.ts';

/** A case and what becomes of the size of its image. */
interface TracedCase {
  readonly index: number;
  readonly size: readonly number[];
  readonly trace: SizeTrace;
}

/**
 * Checks, from the headers of a data set's images, that patches fit into the images, that what reaches the network
 * can be halved as often as it halves it, and that the cases of a batch are of one size. Where a transform makes a
 * size that the headers do not tell, nothing is said.
 */
export function checkSizes(
  config: ResolvedTrainConfig,
  use: DataSetUse,
  cases: readonly CaseImages[],
): readonly Fault[] {
  const key = use.imageKeys[0];
  if (key === undefined) return [];
  const trace = prepareSizeTrace(use.transforms, key);
  const traced = cases.flatMap(({ index, images }): TracedCase[] => {
    const facts = images[key]?.[0]?.facts;
    if (facts === undefined) return [];
    const size = spatialSizeOf(facts);
    return [{ index, size, trace: trace({ size, affine: facts.affine }) }];
  });
  const tooLarge = findPatchesTooLarge(config, use, traced);
  if (tooLarge.length > 0) return tooLarge;
  return [...findIndivisible(config, use, traced), ...findMixedBatches(config, use, traced)];
}

function findPatchesTooLarge(
  { file }: ResolvedTrainConfig,
  use: DataSetUse,
  traced: readonly TracedCase[],
): readonly Fault[] {
  const problems = traced.flatMap(({ index, trace }) =>
    trace.problem === undefined ? [] : [{ index, problem: trace.problem }],
  );
  const byComponent = Map.groupBy(problems, ({ problem }) => problem.component);
  return [...byComponent].map(([component, [first, ...others]]) => {
    const more = others.length === 0 ? '' : ` So it is in ${others.length} more of ${traced.length} cases.`;
    return {
      code: 'patch-too-large',
      file,
      path: [...component.at, 'args', 'spatial_size'],
      component: component.name,
      argument: 'spatial_size',
      message: `The patch of ${describePatch(first!.problem)} voxels is larger than an image of ${describeSize(first!.problem.size)}: ${use.listName}, ${use.listKey}[${first!.index}].${more}`,
      allowed: 'a smaller patch, a SpatialPadd before it, or "allow_smaller": true',
    };
  });
}

const describeSize = (size: readonly number[]): string => size.join(' x ');

const describePatch = ({ patch, size }: PatchProblem): string =>
  describeSize(patch.map((wanted, axis) => wanted ?? size[axis]!));

/** What the network gets at once: of an argument, or of the images themselves. */
interface NetworkInput {
  readonly size: readonly (number | undefined)[];
  readonly component: ComponentNode;
  readonly argument?: string;
}

function findIndivisible(
  config: ResolvedTrainConfig,
  use: DataSetUse,
  traced: readonly TracedCase[],
): readonly Fault[] {
  const model = componentOf(config.train, 'model');
  if (model === undefined || model.path !== undefined) return [];
  const divisor = networkSizeDivisor(model.name, model.args);
  if (divisor === undefined) return [];
  const wrong = networkInputs(config, use, traced).find(({ size }) =>
    divisor.some((factor, axis) => size[axis] !== undefined && size[axis] % factor !== 0),
  );
  if (wrong === undefined) return [];
  const { component, argument } = wrong;
  const size = describeSize(wrong.size.map((length) => length ?? 0).slice(0, divisor.length));
  return [
    {
      code: 'size-not-divisible',
      file: config.file,
      path: argument === undefined ? component.at : [...component.at, 'args', argument],
      component: component.name,
      ...(argument === undefined ? {} : { argument }),
      message: `${model.name} cannot halve ${size} voxels as often as it does.`,
      allowed: `multiples of ${describeSize(divisor)}`,
    },
  ];
}

/** The sizes that reach the network, as far as they are known: windows, or what the transforms leave of the images. */
function networkInputs(
  config: ResolvedTrainConfig,
  use: DataSetUse,
  traced: readonly TracedCase[],
): readonly NetworkInput[] {
  const inferer = componentOf(config[use.section], 'inferer');
  if (inferer?.path !== undefined) return [];
  const images = (slot: ComponentNode): NetworkInput[] =>
    traced.flatMap(({ trace }) => {
      const size = exactSize(trace.bounds);
      return size === undefined ? [] : [{ size, component: lastSizing(use) ?? slot }];
    });
  if (inferer?.name !== 'SlidingWindowInferer') return images(use.dataset);
  const window = perAxisSize(inferer.args.roi_size, 3);
  return [{ size: window, component: inferer, argument: 'roi_size' }];
}

/** The transform that decides the size of what the network gets. */
function lastSizing({ transforms }: DataSetUse): ComponentNode | undefined {
  const sizing =
    /^(RandCropByPosNegLabel|CenterSpatialCrop|RandSpatialCrop|ResizeWithPadOrCrop|Resize|SpatialPad|DivisiblePad)d/i;
  return transforms.findLast(({ name }) => sizing.test(name));
}

function findMixedBatches(
  config: ResolvedTrainConfig,
  use: DataSetUse,
  traced: readonly TracedCase[],
): readonly Fault[] {
  const loader = componentOf(config[use.section], 'dataloader');
  if (use.batchSize < 2 || loader === undefined) return [];
  const sizes = traced.flatMap(({ trace }) => {
    const size = exactSize(trace.bounds);
    return size === undefined ? [] : [describeSize(size)];
  });
  const other = sizes.find((size) => size !== sizes[0]);
  if (other === undefined) return [];
  return [
    {
      code: 'image-size-mismatch',
      file: config.file,
      path: [...loader.at, 'args', 'batch_size'],
      component: loader.name,
      argument: 'batch_size',
      message: `Cases of ${sizes[0]} and ${other} voxels cannot share a batch.`,
      allowed: 'batch_size 1, or a transform that brings all cases to one size',
    },
  ];
}
