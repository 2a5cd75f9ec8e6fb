import { FaultError, type Fault } from '../../common/fault.ts';
import { planPatch, type PatchPlan } from '../../common/mmar/plan-patch.ts';
import { componentOf, componentsOf } from '../../common/mmar/resolved-config.ts';
import { lowerForDevice } from '../lower-for-device.ts';
import { estimateBytes, followMemory, type MemoryEstimate } from '../model/estimate-memory.ts';
import { buildTrainGraph, type TrainGraphOptions } from '../model/train-graph.ts';
import type { DeviceMemory } from '../device-memory.ts';
import type { BuildContext } from './build-context.ts';

/** More than any network takes for a voxel: where so much is free, there is nothing to follow. */
const MOST_BYTES_PER_VOXEL = 65536;

/** What a step is made of, without its shapes. */
export type StepParts = Pick<TrainGraphOptions, 'network' | 'loss' | 'optimizer'>;

/**
 * Estimates what a training needs before anything of it is loaded: the step, from its graph, and the images on their way to it.
 * Only what the config fixes is counted (patches that are padded, cropped or resized to a size), so that what is refused could
 * never be trained. What fits in the memory but not in what is free of it is a warning.
 *
 * @throws FaultError `too-little-memory`, which names the transform or the data loader
 */
export async function requireMemory(
  context: Pick<BuildContext, 'slots' | 'provider' | 'log'>,
  parts: StepParts,
  memory: DeviceMemory | undefined,
): Promise<void> {
  if (memory === undefined) return;
  const { slots, provider, log } = context;
  const train = slots.config.sections.train;
  const plan = planPatch(componentsOf(train, 'pre_transforms'), 'image', parts.network.spatialDims);
  const loader = componentOf(train, 'dataloader');
  const batchSize = typeof loader?.args.batch_size === 'number' ? loader.args.batch_size : 1;
  const isDivisible = plan.size.every((size, axis) => size % parts.network.divisibleBy[axis]! === 0);
  if (!isDivisible) return;
  const batch = batchSize * plan.patchesPerCase;
  const voxels = batch * plan.size.reduce((product, part) => product * part, 1);
  if (voxels * MOST_BYTES_PER_VOXEL < (memory.freeBytes ?? memory.totalBytes)) return;
  const images = imageBytes(plan, batch, parts.network.inChannels);
  const isOnGpu = provider !== undefined && provider.name !== 'cpu';
  const step = await estimateStep(parts, [batch, parts.network.inChannels, ...plan.size], context);
  const needed: MemoryEstimate = {
    leastBytes: step.leastBytes + (isOnGpu ? 0 : images),
    mostBytes: step.mostBytes + (isOnGpu ? 0 : images),
  };
  if (needed.leastBytes > memory.totalBytes)
    throw new FaultError(tooLarge(context, plan, batchSize, needed, memory));
  if (memory.freeBytes !== undefined && needed.mostBytes > memory.freeBytes) {
    log.warning(
      `A step needs about ${inGib(needed.leastBytes)} to ${inGib(needed.mostBytes)} of memory, and ${memory.owner} has ` +
        `${inGib(memory.freeBytes)} free: smaller patches, or a smaller batch, are safer`,
    );
  }
}

/** The batch that is computed and the next one, and the largest image on its way. */
function imageBytes({ size, mostVoxels }: PatchPlan, batch: number, channels: number): number {
  const patch = size.reduce((product, part) => product * part, 1);
  return 4 * (channels + 1) * (2 * batch * patch + mostVoxels);
}

async function estimateStep(
  parts: StepParts,
  imageShape: readonly number[],
  { provider }: Pick<BuildContext, 'provider'>,
): Promise<MemoryEstimate> {
  const [batch, , ...spatial] = imageShape;
  const { graph } = buildTrainGraph({ ...parts, imageShape, labelShape: [batch, 1, ...spatial] });
  return estimateBytes(followMemory(await lowerForDevice(provider, graph)));
}

function tooLarge(
  { slots }: Pick<BuildContext, 'slots'>,
  { size, patchesPerCase, setBy }: PatchPlan,
  batchSize: number,
  { leastBytes }: MemoryEstimate,
  { owner, totalBytes }: DeviceMemory,
): Fault {
  const fitting = Math.floor((batchSize * totalBytes) / leastBytes);
  const isBatch = fitting >= 1;
  const node = isBatch ? componentOf(slots.config.sections.train, 'dataloader')! : setBy;
  const voxels = size.join(' x ');
  const patches = batchSize * patchesPerCase;
  const share = (totalBytes / leastBytes) * patches;
  const allowed = isBatch
    ? `up to about ${fitting}`
    : `patches of up to about ${Math.floor(share * size.reduce((product, part) => product * part, 1))} voxels in a step`;
  const argument = isBatch ? 'batch_size' : sizeArgumentOf(setBy?.args ?? {});
  const fault: Fault = {
    code: 'too-little-memory',
    message: `A step with ${patches} patches of ${voxels} voxels needs at least ${inGib(leastBytes)} of memory, but ${owner} has ${inGib(totalBytes)}.`,
    allowed,
  };
  return node === undefined ? { ...fault, file: slots.config.file } : slots.fault(node, argument, fault);
}

const sizeArgumentOf = (args: object): string => ('roi_size' in args ? 'roi_size' : 'spatial_size');

const inGib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
