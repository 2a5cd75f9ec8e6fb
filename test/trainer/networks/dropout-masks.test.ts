import { describe, expect, it } from 'vitest';
import { Graph } from '../../../trainer/graph/graph.ts';
import { DropoutMasks } from '../../../trainer/networks/dropout-masks.ts';
import { networkRegistry } from '../../../trainer/networks/registry.ts';
import { ParameterScope } from '../../../trainer/networks/parameter-scope.ts';

function masksOf(name: string, args: object, training = true) {
  const graph = new Graph();
  const masks = new DropoutMasks(graph);
  const scope = new ParameterScope((tensor, shape) => graph.input(tensor, shape));
  networkRegistry
    .create(name, args)
    .build(graph.input('image', [2, 1, 8, 8, 8]), { scope, training, dropout: masks });
  return masks.draw(5, 1);
}

const unet = {
  spatial_dims: 3,
  in_channels: 1,
  out_channels: 2,
  channels: [4, 8],
  strides: [2],
  num_res_units: 1,
};

describe('dropout masks', () => {
  it('keep the share that they should, one mask per block', () => {
    const masks = Object.values(masksOf('UNet', { ...unet, dropout: 0.25 }));
    // The two blocks on the way down and the transposed convolution; the last residual unit is its convolution alone.
    expect(masks.map(({ shape }) => shape)).toEqual([
      [2, 4, 4, 4, 4],
      [2, 8, 4, 4, 4],
      [2, 2, 8, 8, 8],
    ]);
    const kept = masks[2].data as Uint8Array;
    expect(kept.reduce((a, b) => a + b, 0) / kept.length).toBeCloseTo(0.75, 1);
    expect(new Set(kept)).toEqual(new Set([0, 1]));
  });

  it('are not there in evaluation or without a probability', () => {
    expect(masksOf('UNet', { ...unet, dropout: 0.25 }, false)).toEqual({});
    expect(masksOf('UNet', unet)).toEqual({});
  });

  it('drop whole channels in SegResNet', () => {
    const args = { in_channels: 1, blocks_down: [1, 1], blocks_up: [1], dropout_prob: 0.2 };
    expect(Object.values(masksOf('SegResNet', args)).map(({ shape }) => shape)).toEqual([[2, 8, 1, 1, 1]]);
  });

  it('are a function of seed and step', () => {
    const graph = new Graph();
    const masks = new DropoutMasks(graph);
    masks.drop(graph.input('x', [1000]), [1000], 0.5);
    expect(masks.draw(1, 1)).toEqual(masks.draw(1, 1));
    expect(masks.draw(1, 2)).not.toEqual(masks.draw(1, 1));
    expect(masks.draw(2, 1)).not.toEqual(masks.draw(1, 1));
  });
});

describe('a parameter scope', () => {
  it('joins names with dots and refuses doubles and unknown buffers', () => {
    const graph = new Graph();
    const scope = new ParameterScope((name, shape) => graph.input(name, shape))
      .child('model')
      .child('0.conv');
    expect(scope.buffer('mean', [2], 0).name).toBe('model.0.conv.mean');
    expect(() => scope.buffer('mean', [2], 0)).toThrow('"model.0.conv.mean" is declared twice');
    expect(() => scope.updateBuffer('variance', graph.scalar(1))).toThrow(
      'There is no buffer "model.0.conv.variance"',
    );
  });
});
