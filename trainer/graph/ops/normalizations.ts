import { graphError, range, sameShape } from '../shape.ts';
import type { Value } from '../value.ts';
import { add, multiply } from './arithmetic.ts';
import { reshape } from './reshape.ts';
import { standardize } from './standardize.ts';

/** Learned factor and offset per channel, shape `[C]` each; left out where a layer has none. */
export interface ChannelAffine {
  readonly scale?: Value;
  readonly bias?: Value;
}

/** Each channel of each item gets mean 0 and variance 1 over its voxels. `epsilon` defaults to 1e-5. */
export function instanceNormalization(x: Value, affine: ChannelAffine = {}, epsilon = 1e-5): Value {
  checkImage('InstanceNormalization', x);
  return applyAffine('InstanceNormalization', standardize(x, range(2, x.shape.length), epsilon).y, affine);
}

/** Each group of channels of each item gets mean 0 and variance 1. `epsilon` defaults to 1e-5. */
export function groupNormalization(
  x: Value,
  groups: number,
  affine: ChannelAffine = {},
  epsilon = 1e-5,
): Value {
  checkImage('GroupNormalization', x);
  const [batch, channels, ...spatial] = x.shape;
  if (!(groups >= 1) || channels % groups !== 0)
    throw graphError('GroupNormalization', `${channels} channels do not split into ${groups} groups`, x);
  const grouped = reshape(x, [batch, groups, channels / groups, ...spatial]);
  const { y } = standardize(grouped, range(2, grouped.shape.length), epsilon);
  return applyAffine('GroupNormalization', reshape(y, x.shape), affine);
}

/** A batch with mean 0 and variance 1 per channel, and the statistics that were used, shape `[C]` each. */
export interface BatchNormalized {
  readonly y: Value;
  readonly mean: Value;
  /** Biased (divided by the count); torch keeps `count / (count - 1)` times this as its running variance. */
  readonly variance: Value;
}

/** Each channel gets mean 0 and variance 1 over the batch and its voxels (training). `epsilon` defaults to 1e-5. */
export function batchNormalization(x: Value, affine: ChannelAffine = {}, epsilon = 1e-5): BatchNormalized {
  checkImage('BatchNormalization', x);
  const { y, mean, variance } = standardize(x, [0, ...range(2, x.shape.length)], epsilon);
  const channels = [x.shape[1]];
  return {
    y: applyAffine('BatchNormalization', y, affine),
    mean: reshape(mean, channels),
    variance: reshape(variance, channels),
  };
}

function checkImage(operator: string, x: Value): void {
  if (x.shape.length < 3) throw graphError(operator, 'takes [batch, channels, ...] with a spatial axis', x);
}

function applyAffine(operator: string, x: Value, { scale, bias }: ChannelAffine): Value {
  const channels = x.shape[1];
  const perChannel = (value: Value): Value => {
    if (!sameShape(value.shape, [channels]))
      throw graphError(operator, `scale and bias must have the shape [${channels}]`, x, value);
    return reshape(value, [channels, ...x.shape.slice(2).map(() => 1)]);
  };
  const scaled = scale === undefined ? x : multiply(x, perChannel(scale));
  return bias === undefined ? scaled : add(scaled, perChannel(bias));
}
