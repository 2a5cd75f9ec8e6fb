import { expect } from 'vitest';
import { differentiate } from '../../../trainer/autodiff/differentiate.ts';
import { Graph } from '../../../trainer/graph/graph.ts';
import { multiply, reduceSum } from '../../../trainer/graph/ops/index.ts';
import { serializeModel } from '../../../trainer/graph/onnx-model.ts';
import { sizeOf } from '../../../trainer/graph/shape.ts';
import { createSession, type HostTensor } from '../../../trainer/session.ts';
import type { CaseInput, GradientCase } from './gradient-case.ts';

/** Width of the differences. The formula below errs by its fourth power, float32 by 1e-7 over it. */
const STEP = 0.04;
/** Largest error, relative to the largest gradient. A wrong formula errs by a hundred times more. */
const TOLERANCE = 1e-3;
/** Numbers that are moved per input; larger inputs are sampled. */
const LARGEST_SAMPLE = 40;

/**
 * Compares the gradients of a random projection of the case's result with differences of fourth order,
 * `(8 (f(+h) - f(-h)) - (f(+2h) - f(-2h))) / 12h`, the projection summed in double precision.
 */
export async function checkGradients({ inputs, build }: GradientCase): Promise<Graph> {
  const graph = new Graph();
  const values = inputs.map(({ shape }, index) => graph.input(`x${index}`, shape));
  const y = build(...values);
  const weights = Float32Array.from({ length: sizeOf(y.shape) }, (_, index) => 1 + Math.sin(2 + 1.7 * index));
  const loss = reduceSum(multiply(y, graph.constant(weights, y.shape)));
  graph.output('y', y);
  differentiate(loss, values).forEach((gradient, index) => graph.output(`dx${index}`, gradient));

  const session = await createSession(serializeModel(graph), { threads: 1 });
  const data = inputs.map(drawNumbers);
  const feeds = Object.fromEntries(
    values.map(({ name, dtype, shape }, index): [string, HostTensor] => [
      name,
      { dtype, shape, data: data[index] },
    ]),
  );
  const project = async (): Promise<number> => {
    const { y: result } = await session.run(feeds);
    return (result.data as Float32Array).reduce((sum, number, index) => sum + number * weights[index], 0);
  };
  try {
    const results = await session.run(feeds);
    for (const [index, numbers] of data.entries()) {
      const gradient = results[`dx${index}`].data as Float32Array;
      expect(results[`dx${index}`].shape).toEqual(inputs[index].shape);
      const scale = Math.max(...gradient.map(Math.abs));
      expect(scale, `input ${index} has a gradient`).toBeGreaterThan(1e-3);
      for (const at of samplePositions(numbers.length)) {
        const original = numbers[at];
        const moved = async (distance: number): Promise<number> => {
          numbers[at] = original + distance;
          return project();
        };
        const near = (await moved(STEP)) - (await moved(-STEP));
        const far = (await moved(2 * STEP)) - (await moved(-2 * STEP));
        numbers[at] = original;
        const expected = (8 * near - far) / (12 * STEP);
        const error = Math.abs(gradient[at] - expected) / scale;
        expect(error, `input ${index} at ${at}: ${gradient[at]} instead of ${expected}`).toBeLessThan(
          TOLERANCE,
        );
      }
    }
  } finally {
    await session.dispose();
  }
  return graph;
}

function drawNumbers({ shape, range, distinct = false }: CaseInput, index: number): Float32Array {
  const size = sizeOf(shape);
  const uniform = seededUniform(index + 1);
  if (distinct) {
    const keys = Array.from({ length: size }, uniform);
    const order = keys.map((_, at) => at).sort((a, b) => keys[a] - keys[b]);
    return Float32Array.from(order, (rank) => (rank - size / 2) * 0.3);
  }
  return Float32Array.from({ length: size }, () => {
    if (range !== undefined) return range[0] + uniform() * (range[1] - range[0]);
    return (uniform() < 0.5 ? -1 : 1) * (0.3 + uniform());
  });
}

/** Numbers in [0, 1): the top bits of a 32-bit linear congruential generator. */
function seededUniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

function samplePositions(size: number): number[] {
  if (size <= LARGEST_SAMPLE) return Array.from({ length: size }, (_, at) => at);
  return Array.from(
    { length: LARGEST_SAMPLE },
    (_, at) => Math.floor((at * size) / LARGEST_SAMPLE) + (at % 2),
  );
}
