import { describe, expect, it } from 'vitest';
import { Graph } from '../../../trainer/graph/graph.ts';
import { add, matMul, relu } from '../../../trainer/graph/ops/index.ts';
import { estimateBytes, followMemory } from '../../../trainer/model/estimate-memory.ts';

const KIB = 1024;

describe('memory of a run', () => {
  it('holds what is alive at once, not what is made', () => {
    const graph = new Graph();
    // 1 KiB each
    let value = graph.input('x', [16, 16]);
    for (let step = 0; step < 5; step++) value = matMul(value, value);
    graph.output('y', value);
    // A product and what it is made of; the last one is an output, which is held apart.
    expect(followMemory(graph)).toEqual({ heldBytes: 2 * KIB, peakBytes: 2 * KIB });
  });

  it('of activations that a later node needs adds up', () => {
    const graph = new Graph();
    const x = graph.input('x', [16, 16]);
    const kept = [1, 2, 3].map(() => matMul(x, x));
    graph.output('y', add(matMul(kept[0], kept[1]), matMul(kept[1], kept[2])));
    expect(followMemory(graph).peakBytes).toBe(4 * KIB);
  });

  it('is not taken twice for what is computed in place', () => {
    const graph = new Graph();
    const product = matMul(graph.input('x', [16, 16]), graph.input('z', [16, 16]));
    graph.output('y', matMul(relu(relu(relu(product))), graph.input('w', [16, 16])));
    expect(followMemory(graph).peakBytes).toBe(KIB);
  });

  it('counts nodes that no output needs for nothing', () => {
    const graph = new Graph();
    const x = graph.input('x', [16, 16]);
    relu(matMul(x, x));
    graph.output('y', relu(x));
    expect(followMemory(graph).peakBytes).toBe(0);
  });

  it('is estimated from at least to at most, the arena included', () => {
    const { leastBytes, mostBytes } = estimateBytes({ heldBytes: 2 ** 30, peakBytes: 2 ** 31 });
    expect(leastBytes).toBeGreaterThan(3 * 2 ** 30);
    expect(mostBytes / leastBytes).toBeCloseTo(1.8);
  });
});
