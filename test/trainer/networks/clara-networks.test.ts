import { describe, expect, it } from 'vitest';
import { networkRegistry } from '../../../trainer/networks/registry.ts';
import { createModelState } from '../../../trainer/model/model-state.ts';
import { readMonaiNumbers } from '../monai-numbers.ts';

interface ClaraNumbers {
  readonly unet_res2: { readonly nparams: number; readonly params: readonly (readonly [string, number[]])[] };
  readonly unet_res1_batch: { readonly nparams: number };
  readonly segresnet: { readonly nparams: number; readonly params: readonly (readonly [string, number[]])[] };
}

const numbers = readMonaiNumbers<ClaraNumbers>('clara-networks');
const claraUNet = {
  dimensions: 3,
  in_channels: 1,
  out_channels: 2,
  channels: [16, 32, 64, 128, 256],
  strides: [2, 2, 2, 2],
};

describe("Clara's networks have MONAI's parameters", () => {
  it('UNet with two residual units: names, shapes and 4 806 481 numbers', () => {
    const state = createModelState(networkRegistry.create('UNet', { ...claraUNet, num_res_units: 2 }), 0);
    const declared = state.names('parameter').map((name) => [name, state.get(name).shape]);
    expect(declared).toEqual(numbers.unet_res2.params);
    expect(state.countParameters()).toBe(numbers.unet_res2.nparams);
  });

  it('UNet with one residual unit and batch normalisation, however it is spelled', () => {
    for (const norm of ['batch', 'BATCH', ['Batch', {}], 'SyncBatch']) {
      const network = networkRegistry.create('UNet', { ...claraUNet, num_res_units: 1, norm });
      expect(createModelState(network, 0).countParameters()).toBe(numbers.unet_res1_batch.nparams);
    }
  });

  it('SegResNet: names, shapes and 733 306 numbers', () => {
    const args = { blocks_down: [1, 2, 2, 2], blocks_up: [1, 1, 1], init_filters: 8, dropout_prob: 0.2 };
    const state = createModelState(
      networkRegistry.create('SegResNet', { ...args, in_channels: 1, out_channels: 2 }),
      0,
    );
    const declared = state.names('parameter').map((name) => [name, state.get(name).shape]);
    expect(declared).toEqual(numbers.segresnet.params);
    expect(state.countParameters()).toBe(numbers.segresnet.nparams);
  });
});

describe('initial weights', () => {
  const network = networkRegistry.create('UNet', {
    ...claraUNet,
    channels: [8, 16],
    strides: [2],
    num_res_units: 1,
  });
  const state = createModelState(network, 1);

  it('are uniform within 1 / sqrt(fan in), as PyTorch draws them', () => {
    // Axis 1 of the weight times the kernel: 8 * 27 for 8 -> 16 channels, and 2 * 27 for the transposed 24 -> 2.
    const bounds = [
      ['model.1.submodule.conv.unit0.conv.weight', 1 / Math.sqrt(8 * 27)],
      ['model.1.submodule.conv.unit0.conv.bias', 1 / Math.sqrt(8 * 27)],
      ['model.2.0.conv.weight', 1 / Math.sqrt(2 * 27)],
    ] as const;
    for (const [name, bound] of bounds) {
      const { data } = state.get(name);
      const largest = data.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      const squares = data.reduce((a, b) => a + b * b, 0) / data.length;
      expect(largest).toBeLessThanOrEqual(bound);
      expect(largest).toBeGreaterThan(bound * 0.8);
      if (data.length > 500) expect(squares / (bound * bound)).toBeCloseTo(1 / 3, 1);
    }
  });

  it('start PReLU at 0.25, and are a function of the seed alone', () => {
    expect([...state.get('model.0.conv.unit0.adn.A.weight').data]).toEqual([0.25]);
    expect(createModelState(network, 1).snapshot()).toEqual(state.snapshot());
    expect(createModelState(network, 2).snapshot()).not.toEqual(state.snapshot());
  });
});

describe('arguments of networks', () => {
  const base = { spatial_dims: 3, in_channels: 1, out_channels: 2, channels: [4, 8], strides: [2] };
  const countOf = (args: object): number =>
    createModelState(networkRegistry.create('UNet', { ...base, ...args }), 0).countParameters();
  // 4 filters of 27 and a bias, 8 filters of 4 * 27 and a bias, 12 * 2 * 27 and a bias, two PReLUs
  const plain = 4 * 28 + 8 * 109 + (12 * 2 * 27 + 2) + 2;

  it('change the parameters as they should', () => {
    expect(countOf({})).toBe(plain);
    expect(countOf({ act: 'RELU' })).toBe(plain - 2);
    expect(countOf({ act: ['prelu', { num_parameters: 1, init: 0.1 }] })).toBe(plain);
    expect(countOf({ bias: false })).toBe(plain - 4 - 8 - 2);
    expect(countOf({ norm: ['instance', { affine: true }] })).toBe(plain + 8 + 16);
    expect(countOf({ norm: ['GROUP', { num_groups: 4 }] })).toBe(plain + 8 + 16);
    expect(countOf({ kernel_size: [3, 3, 1] })).toBe(4 * 10 + 8 * 37 + (12 * 2 * 27 + 2) + 2);
    expect(countOf({ up_kernel_size: 1 })).toBe(4 * 28 + 8 * 109 + (12 * 2 + 2) + 2);
    expect(countOf({ strides: [2, 2] })).toBe(plain);
  });

  it('are refused when they do not fit', () => {
    const create = (args: object) => () =>
      createModelState(networkRegistry.create('UNet', { ...base, ...args }), 0);
    expect(create({ norm: ['group', { num_groups: 3 }] })).toThrow('4 channels do not split into 3 groups');
    expect(create({ norm: 'group' })).toThrow("UNet.norm: 'group' num_groups");
    expect(create({ norm: 'layer' })).toThrow(
      "'layer' is unknown. Allowed: instance, batch, syncbatch, group",
    );
    expect(create({ act: ['relu', { slope: 1 }] })).toThrow('UNet.act');
    expect(create({ kernel_size: 2 })).toThrow('UNet.kernel_size: A kernel size must be odd');
    expect(create({ kernel_size: [3, 3] })).toThrow('UNet.kernel_size: kernel_size must have 3 numbers');
    expect(create({ strides: [[2, 2]] })).toThrow('UNet.strides: An entry of strides must have 3 numbers');
    expect(create({ channels: [4, 8, 16] })).toThrow('strides has 1 entries, but 3 channels need 2');
    expect(create({ dimensions: 2 })).toThrow('dimensions says 2, but spatial_dims says 3');
    expect(create({ spatial_dims: undefined })).toThrow('spatial_dims is missing; it is 2 or 3');
    expect(create({ dropout: 1 })).toThrow('UNet.dropout: 1 does not fit. Allowed: less than 1');
    expect(() => networkRegistry.create('SegResNet', { blocks_down: [1, 1], blocks_up: [1, 1] })).toThrow(
      'blocks_up has 2 entries, but 2 levels down need 1',
    );
    expect(() => networkRegistry.create('UNett', {})).toThrow('Did you mean UNet');
  });

  it.each(['relu', 'RELU6', 'LeakyReLU', 'prelu', 'elu', 'sigmoid', 'tanh', 'swish', 'mish'])(
    'know the activation %s',
    (act) => {
      expect(countOf({ act })).toBe(act === 'prelu' ? plain : plain - 2);
    },
  );
});
