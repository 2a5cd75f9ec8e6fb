import { totalmem } from 'node:os';
import type { Fault } from '../../../common/fault.ts';
import { leastStepBytes } from '../../../common/mmar/least-step-bytes.ts';
import { planPatch } from '../../../common/mmar/plan-patch.ts';
import { componentOf, componentsOf, type ResolvedTrainConfig } from '../../../common/mmar/resolved-config.ts';
import type { Device } from '../../ports/devices.ts';

/**
 * Warns of steps that need more memory than there is: the GPU's where there is one and the config uses it, else the machine's. Only
 * what the config fixes is counted, so a job that is warned of fails as soon as it begins, with the exact figures.
 */
export function checkMemory(
  { train, file, useGpu }: ResolvedTrainConfig,
  devices: readonly Device[],
  machineBytes = totalmem(),
): readonly Fault[] {
  const network = componentOf(train, 'model');
  const loader = componentOf(train, 'dataloader');
  if (network === undefined || loader === undefined) return [];
  const rank = network.args.spatial_dims === 2 || network.args.dimensions === 2 ? 2 : 3;
  const plan = planPatch(componentsOf(train, 'pre_transforms'), 'image', rank);
  const batchSize = typeof loader.args.batch_size === 'number' ? loader.args.batch_size : 1;
  const patches = batchSize * plan.patchesPerCase;
  const patchVoxels = plan.size.reduce((product, size) => product * size, 1);
  const needed = leastStepBytes(network, patches * patchVoxels);
  const gpuBytes = useGpu ? devices.flatMap(({ memoryMib }) => (memoryMib ?? 0) * 2 ** 20 || []) : [];
  const [owner, bytes] =
    gpuBytes.length > 0 ? ['the largest GPU', Math.max(...gpuBytes)] : ['this machine', machineBytes];
  if (needed === undefined || needed <= bytes) return [];
  const isBatch = needed / batchSize <= bytes;
  const node = isBatch ? loader : (plan.setBy ?? loader);
  const argument = isBatch ? 'batch_size' : 'roi_size' in node.args ? 'roi_size' : 'spatial_size';
  return [
    {
      code: 'too-little-memory',
      file,
      path: [...node.at, 'args', argument],
      component: node.name,
      argument,
      message:
        `A step with ${patches} patches of ${plan.size.join(' x ')} voxels needs more than ${inGib(needed)} of memory, ` +
        `but ${owner} has ${inGib(bytes)}: such a job fails when it begins.`,
      allowed: isBatch
        ? `up to about ${Math.floor((batchSize * bytes) / needed)}`
        : `patches of up to about ${Math.floor((patches * patchVoxels * bytes) / needed)} voxels in a step`,
    },
  ];
}

const inGib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
