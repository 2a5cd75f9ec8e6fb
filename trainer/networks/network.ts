import { FaultError } from '../../common/fault.ts';
import type { Shape, Value } from '../graph/value.ts';
import type { DropoutSource } from './dropout-masks.ts';
import type { ParameterScope } from './parameter-scope.ts';

/** What a network is built into. */
export interface BuildContext {
  readonly scope: ParameterScope;
  /** True in a training step: dropout drops, batch normalisation uses the batch and updates its statistics. */
  readonly training: boolean;
  readonly dropout: DropoutSource;
}

/** One step of a network; its parameters are declared when it is made, not when it is applied. */
export type Layer = (x: Value) => Value;

/** A network: described once, built into as many graphs as there are image sizes. */
export interface Network {
  readonly name: string;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly spatialDims: number;
  /** Per spatial axis, what the size of an image must be a multiple of. */
  readonly divisibleBy: readonly number[];
  /** Images (batch, channel, ...spatial) to logits of the same batch and spatial sizes. */
  build(x: Value, context: BuildContext): Value;
}

/** The context of a part of the network. */
export function within(context: BuildContext, name: string): BuildContext {
  return { ...context, scope: context.scope.child(name) };
}

/** Applies layers one after the other. */
export const sequence =
  (...layers: readonly Layer[]): Layer =>
  (x) =>
    layers.reduce((value, layer) => layer(value), x);

/** Throws a fault when the network cannot take images of this shape (batch, channel, ...spatial). */
export function assertImageShape(network: Network, shape: Shape): void {
  const [, channels, ...size] = shape;
  if (size.length !== network.spatialDims) {
    throw new FaultError({
      code: 'wrong-argument',
      message: `The network works on ${network.spatialDims} spatial axes, the images have ${size.length}.`,
      component: network.name,
      argument: 'spatial_dims',
      allowed: `${size.length}`,
    });
  }
  if (channels !== network.inChannels) {
    throw new FaultError({
      code: 'wrong-argument',
      message: `The network takes ${network.inChannels} channels, the images have ${channels}.`,
      component: network.name,
      argument: 'in_channels',
      allowed: `${channels}`,
    });
  }
  if (size.every((length, axis) => length % network.divisibleBy[axis] === 0)) return;
  throw new FaultError({
    code: 'size-not-divisible',
    message: `The network cannot shrink images of ${size.join(' x ')} evenly.`,
    component: network.name,
    allowed: `multiples of ${network.divisibleBy.join(' x ')}`,
  });
}
