import { expect } from 'vitest';
import { differentiate } from '../../../../trainer/autodiff/differentiate.ts';
import { Graph } from '../../../../trainer/graph/graph.ts';
import { lowerForCpu } from '../../../../trainer/graph/lowering/cpu/lower-for-cpu.ts';
import { multiply, reduceSum } from '../../../../trainer/graph/ops/index.ts';
import { sizeOf } from '../../../../trainer/graph/shape.ts';
import type { GraphNode, Shape, Value } from '../../../../trainer/graph/value.ts';
import { findBlockSize } from '../../../../trainer/lower-for-device.ts';
import { runGraph, type Feeds } from '../run-graph.ts';

/** Largest difference relative to the largest number: sums in another order, in float32. */
const TOLERANCE = 2e-6;

/** A function with its gradients, computed as it was built and as it is lowered for the CPU. */
export interface Comparison {
  /** Operators of the graph as it was built, and as it was lowered. */
  readonly built: readonly string[];
  readonly lowered: readonly string[];
  /** Matrix products over a batch: those that gradients of kernels are made of. */
  readonly batchProducts: number;
}

/** Expects the result of `build` and its gradients to be the same before and after lowering. */
export async function compareLowered(
  shapes: readonly Shape[],
  build: (...inputs: Value[]) => Value,
): Promise<Comparison> {
  const graph = new Graph();
  const inputs = shapes.map((shape, index) => graph.input(`x${index}`, shape));
  const y = build(...inputs);
  const weights = graph.constant(drawNumbers(sizeOf(y.shape), 5), y.shape);
  graph.output('y', y);
  differentiate(reduceSum(multiply(y, weights)), inputs, { unreached: 'zeros' }).forEach((gradient, index) =>
    graph.output(`dx${index}`, gradient),
  );
  const lowered = lowerForCpu(graph, await findBlockSize());
  const feeds: Feeds = inputs.map((input, index) => [input, drawNumbers(sizeOf(input.shape), index + 1)]);
  const [expected, actual] = [await runGraph(graph, feeds), await runGraph(lowered, feeds)];
  for (const name of graph.outputs.keys()) {
    const [numbers, others] = [expected[name], actual[name]].map(({ data }) => data as Float32Array);
    const scale = Math.max(1e-3, ...numbers.map(Math.abs));
    const error = numbers.reduce((worst, number, at) => Math.max(worst, Math.abs(number - others[at])), 0);
    expect(error / scale, name).toBeLessThan(TOLERANCE);
  }
  const batchProducts = lowered.nodes.filter(
    ({ opType, outputs: [product] }) => opType === 'MatMul' && product.shape.length > 2,
  );
  return {
    built: operatorsOf(graph.nodes),
    lowered: operatorsOf(lowered.nodes),
    batchProducts: batchProducts.length,
  };
}

const operatorsOf = (nodes: readonly GraphNode[]): string[] => nodes.map(({ opType }) => opType);

/** Numbers between -1.3 and 1.3, at least 0.3 away from 0; the same for the same seed. */
function drawNumbers(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, at) => {
    const number = Math.sin(1.7 * at * at + 12.9 * at + seed * 78.2);
    return number + Math.sign(number) * 0.3;
  });
}
