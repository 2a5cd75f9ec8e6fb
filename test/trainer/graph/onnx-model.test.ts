import { describe, expect, it } from 'vitest';
import { Graph } from '../../../trainer/graph/graph.ts';
import { serializeModel } from '../../../trainer/graph/onnx-model.ts';
import * as ops from '../../../trainer/graph/ops/index.ts';
import { createSession } from '../../../trainer/session.ts';
import { runGraph } from './run-graph.ts';

const contains = (model: Uint8Array, text: string): boolean => Buffer.from(model).includes(text);

describe('serializeModel', () => {
  it('leaves out nodes and constants that no output needs', () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    ops.exp(ops.multiply(x, 12345.678));
    graph.output('y', ops.log(x));
    const model = serializeModel(graph);
    expect(contains(model, 'Log')).toBe(true);
    expect(contains(model, 'Exp')).toBe(false);
    expect(contains(model, 'constant_')).toBe(false);
  });

  it('keeps inputs that no output needs, so that feeds stay the same', async () => {
    const graph = new Graph();
    graph.input('unused', [3]);
    graph.output('y', ops.log(graph.input('x', [2])));
    const session = await createSession(serializeModel(graph), { threads: 1 });
    expect(session.inputNames).toEqual(['unused', 'x']);
    await session.dispose();
  });

  it('writes composites as their bodies', () => {
    const graph = new Graph();
    graph.output('y', ops.stopGradient(graph.input('x', [2])));
    const model = serializeModel(graph);
    expect(contains(model, 'Identity')).toBe(true);
    expect(contains(model, 'StopGradient')).toBe(false);
  });

  it('gives a value two names, and names inputs and constants as outputs', async () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const y = ops.add(x, 1);
    graph.output('first', y);
    graph.output('second', y);
    graph.output('same', x);
    graph.output('constant', graph.scalar(7));
    graph.output('further', ops.multiply(y, 2));
    const results = await runGraph(graph, [[x, Float32Array.of(1, 2)]]);
    const numbers = Object.fromEntries(
      Object.entries(results).map(([name, { data }]) => [name, [...data].map(Number)]),
    );
    expect(numbers).toEqual({ first: [2, 3], second: [2, 3], same: [1, 2], constant: [7], further: [4, 6] });
  });

  it('holds constants of every element type', async () => {
    const graph = new Graph();
    graph.output('float32', ops.identity(graph.constant(Float32Array.of(-1.5, 2), [2])));
    graph.output('int64', ops.identity(graph.constant(BigInt64Array.of(-3n, 2n ** 40n), [2])));
    graph.output('int32', ops.identity(graph.constant(Int32Array.of(-5, 6), [2])));
    graph.output('uint8', ops.identity(graph.constant(Uint8Array.of(7, 255), [2])));
    graph.output('bool', ops.identity(graph.constant(Uint8Array.of(0, 1), [2], 'bool')));
    const results = await runGraph(graph, []);
    expect(results.float32.data).toEqual(Float32Array.of(-1.5, 2));
    expect(results.int64.data).toEqual(BigInt64Array.of(-3n, 2n ** 40n));
    expect(results.int32.data).toEqual(Int32Array.of(-5, 6));
    expect(results.uint8.data).toEqual(Uint8Array.of(7, 255));
    expect(results.bool.data).toEqual(Uint8Array.of(0, 1));
  });

  it('refuses a name that is both an input and an output', () => {
    const graph = new Graph();
    graph.output('x', ops.exp(graph.input('x', [2])));
    expect(() => serializeModel(graph)).toThrow('"x" names both an input and an output');
  });
});
