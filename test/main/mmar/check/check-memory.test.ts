import { afterAll, describe, expect, it } from 'vitest';
import { leastStepBytes } from '../../../../common/mmar/least-step-bytes.ts';
import type { ComponentNode } from '../../../../common/mmar/resolved-config.ts';
import { lowerForCpu } from '../../../../trainer/graph/lowering/cpu/lower-for-cpu.ts';
import { lossRegistry } from '../../../../trainer/losses/registry.ts';
import { followMemory } from '../../../../trainer/model/estimate-memory.ts';
import { buildTrainGraph } from '../../../../trainer/model/train-graph.ts';
import { networkRegistry } from '../../../../trainer/networks/registry.ts';
import { optimizerRegistry } from '../../../../trainer/optimizers/registry.ts';
import { checkTiny, removeTinyMmars } from './tiny-mmar.ts';

afterAll(removeTinyMmars);

describe('memory', () => {
  it.each([
    ['UNet', { spatial_dims: 3, channels: [16, 32, 64], strides: [2, 2], num_res_units: 2 }, [64, 64, 64]],
    ['UNet', { spatial_dims: 3, channels: [16, 32, 64], strides: [2, 2] }, [64, 64, 64]],
    ['UNet', { spatial_dims: 3, channels: [8, 16], strides: [1], num_res_units: 1 }, [32, 32, 32]],
    ['UNet', { spatial_dims: 2, channels: [16, 32, 64], strides: [2, 2], num_res_units: 2 }, [256, 256]],
    ['SegResNet', { init_filters: 8 }, [64, 64, 64]],
    ['SegResNet', { init_filters: 16 }, [32, 32, 32]],
    ['SegResNet', { init_filters: 8, blocks_down: [1, 1], blocks_up: [1] }, [32, 32, 32]],
  ] as const)('is never more than what a step of %s %j needs', (name, rest, size) => {
    const args = { ...rest, in_channels: 1, out_channels: 2 };
    const shape = [2, 1, ...size];
    const { graph } = buildTrainGraph({
      network: networkRegistry.create(name, args),
      loss: lossRegistry.create('DiceCELoss', { to_onehot_y: true, softmax: true }),
      optimizer: optimizerRegistry.create('Adam', { lr: 1e-3 }),
      imageShape: shape,
      labelShape: shape,
    });
    const node = { name, args, at: [], attributes: {} } as unknown as ComponentNode;
    const least = leastStepBytes(
      node,
      shape.reduce((product, part) => product * part, 1),
    )!;
    const { peakBytes } = followMemory(lowerForCpu(graph, 8));
    expect(least / peakBytes).toBeLessThanOrEqual(1);
    expect(least / peakBytes).toBeGreaterThan(0.2);
  });

  it('that no machine has is a warning, for a search as well', async () => {
    const { faults, warnings } = await checkTiny(({ train }) => {
      const transforms = train.train.pre_transforms;
      const crop = transforms.find(({ name }: { name: string }) => name === 'RandCropByPosNegLabeld');
      crop.args.spatial_size = [65536, 65536, 65536];
      transforms.splice(transforms.indexOf(crop), 0, {
        name: 'SpatialPadd',
        args: { keys: ['image', 'label'], spatial_size: [65536, 65536, 65536] },
      });
    });
    expect(faults).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/spatial_size.*needs more than [\d.]+ GiB of memory, but this machine has/),
    ]);
  });
});
