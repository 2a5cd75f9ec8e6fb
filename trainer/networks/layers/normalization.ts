import type { Norm } from '../../../common/components/layers.ts';
import { FaultError } from '../../../common/fault.ts';
import {
  add,
  batchNormalization,
  divide,
  groupNormalization,
  instanceNormalization,
  multiply,
  reshape,
  sqrt,
  subtract,
  type ChannelAffine,
} from '../../graph/ops/index.ts';
import { sizeOf } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { constantInitializer } from '../initializers.ts';
import type { BuildContext, Layer } from '../network.ts';

/** The normalisation of `channels` channels, with PyTorch's names for its parameters and buffers. */
export function createNormalization(context: BuildContext, norm: Norm, channels: number): Layer {
  const affine = norm.args.affine ? declareAffine(context, channels) : {};
  switch (norm.name) {
    case 'instance':
      return (x) => {
        assertSeveralValues(sizeOf(x.shape.slice(2)), 'instance normalisation');
        return instanceNormalization(x, affine, norm.args.eps);
      };
    case 'group': {
      const { num_groups: groups, eps } = norm.args;
      if (channels % groups !== 0) throw groupFault(channels, groups);
      return (x) => groupNormalization(x, groups, affine, eps);
    }
    case 'batch':
    case 'syncbatch':
      return createBatchNormalization(context, norm.args, channels, affine);
  }
}

function declareAffine({ scope }: BuildContext, channels: number): Required<ChannelAffine> {
  return {
    scale: scope.parameter('weight', [channels], constantInitializer(1)),
    bias: scope.parameter('bias', [channels], constantInitializer(0)),
  };
}

/**
 * `torch.nn.BatchNorm`: in training the batch's own mean and variance, from which running ones are kept; else those.
 * `num_batches_tracked` counts training steps, as PyTorch's state dict has it.
 */
function createBatchNormalization(
  { scope, training }: BuildContext,
  { eps, momentum }: { readonly eps: number; readonly momentum: number },
  channels: number,
  affine: ChannelAffine,
): Layer {
  const runningMean = scope.buffer('running_mean', [channels], 0);
  const runningVariance = scope.buffer('running_var', [channels], 1);
  const batches = scope.buffer('num_batches_tracked', [], 0);
  const blend = (running: Value, batch: Value): Value =>
    add(multiply(running, 1 - momentum), multiply(batch, momentum));

  if (!training) return (x) => normalizeWith(x, runningMean, runningVariance, affine, eps);
  return (x) => {
    const values = sizeOf(x.shape) / channels;
    assertSeveralValues(values, 'batch normalisation');
    const { y, mean, variance } = batchNormalization(x, affine, eps);
    scope.updateBuffer('running_mean', blend(runningMean, mean));
    scope.updateBuffer('running_var', blend(runningVariance, multiply(variance, values / (values - 1))));
    scope.updateBuffer('num_batches_tracked', add(batches, 1));
    return y;
  };
}

/** (x - mean) / sqrt(variance + eps) * scale + bias, as one factor and one offset per channel. */
function normalizeWith(
  x: Value,
  mean: Value,
  variance: Value,
  { scale, bias }: ChannelAffine,
  eps: number,
): Value {
  const deviation = sqrt(add(variance, eps));
  const factor = divide(scale ?? 1, deviation);
  const centre = multiply(mean, factor);
  const offset = bias === undefined ? subtract(0, centre) : subtract(bias, centre);
  const perChannel = (value: Value): Value =>
    reshape(value, [value.shape[0], ...x.shape.slice(2).map(() => 1)]);
  return add(multiply(x, perChannel(factor)), perChannel(offset));
}

// With one value the result would be 0 whatever the image shows; PyTorch refuses it as well.
function assertSeveralValues(values: number, layer: string): void {
  if (values > 1) return;
  throw new FaultError({
    code: 'size-not-divisible',
    message: `The images are so small that a single voxel is left at the deepest level, where ${layer} needs several.`,
    component: 'norm',
    allowed: 'larger images, fewer levels or smaller strides',
  });
}

function groupFault(channels: number, groups: number): FaultError {
  return new FaultError({
    code: 'wrong-argument',
    message: `${channels} channels do not split into ${groups} groups.`,
    component: 'norm',
    argument: 'num_groups',
    allowed: 'a number that divides the channels of every level',
  });
}
