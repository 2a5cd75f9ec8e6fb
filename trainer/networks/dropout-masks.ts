import { dropoutWithMask } from '../graph/ops/index.ts';
import { sizeOf } from '../graph/shape.ts';
import type { GraphBuilder, Shape, Value } from '../graph/value.ts';
import { createMersenneTwister } from '../random/mersenne-twister.ts';
import type { HostTensor } from '../session.ts';

/** Where layers get dropout from. */
export interface DropoutSource {
  /** Sets each element of `x` (or each channel, where the mask is smaller) to zero with that probability. */
  drop(x: Value, maskShape: Shape, probability: number): Value;
}

interface DropoutMask {
  readonly name: string;
  readonly shape: Shape;
  readonly probability: number;
}

const UINT32_RANGE = 0x1_0000_0000;
/** Odd, so that every step of a training gets a seed of its own (Knuth's multiplicative hash). */
const STEP_FACTOR = 0x9e3779b1;

/**
 * Dropout whose masks are inputs of the graph: drawn outside of it, so that they are the same for the same seed and step,
 * whatever runs the graph.
 */
export class DropoutMasks implements DropoutSource {
  readonly #graph: GraphBuilder;
  readonly #masks: DropoutMask[] = [];

  constructor(graph: GraphBuilder) {
    this.#graph = graph;
  }

  drop(x: Value, shape: Shape, probability: number): Value {
    const name = `dropout_mask/${this.#masks.length}`;
    const mask = this.#graph.input(name, shape, 'uint8');
    this.#masks.push({ name, shape, probability });
    return dropoutWithMask(x, mask, probability);
  }

  /** The masks of one step, by the name of their input: a pure function of seed and step. */
  draw(seed: number, step: number): Record<string, HostTensor> {
    if (this.#masks.length === 0) return {};
    const nextBits = createMersenneTwister((seed ^ Math.imul(step, STEP_FACTOR)) >>> 0);
    return Object.fromEntries(
      this.#masks.map(({ name, shape, probability }) => {
        const dropBelow = probability * UINT32_RANGE;
        const data = Uint8Array.from({ length: sizeOf(shape) }, () => (nextBits() < dropBelow ? 0 : 1));
        return [name, { dtype: 'uint8', shape, data }];
      }),
    );
  }
}
