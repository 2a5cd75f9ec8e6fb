import { describe, expect, it } from 'vitest';
import { Graph } from '../../../trainer/graph/graph.ts';
import { add, exp, identity, multiply } from '../../../trainer/graph/ops/index.ts';

describe('Graph', () => {
  it('shares equal constants and keeps different ones apart', () => {
    const graph = new Graph();
    const first = graph.constant(Float32Array.of(1, 2), [2]);
    expect(graph.constant(Float32Array.of(1, 2), [2])).toBe(first);
    expect(graph.constant(Float32Array.of(1, 2), [1, 2])).not.toBe(first);
    expect(graph.constant(Float32Array.of(1, 3), [2])).not.toBe(first);
    expect(graph.constant(Uint8Array.of(1), [], 'bool')).not.toBe(graph.constant(Uint8Array.of(1), []));
    expect(graph.scalar(0.5)).toBe(graph.scalar(0.5));
    expect(graph.constant(Float32Array.of(0.5), [])).toBe(graph.scalar(0.5));
  });

  it('keeps the numbers that a constant was made of', () => {
    const graph = new Graph();
    const numbers = Float32Array.of(1, 2);
    const value = graph.constant(numbers, [2]);
    numbers[0] = 9;
    expect(graph.dataOf(value)).toEqual(Float32Array.of(1, 2));
    expect(graph.dataOf(graph.input('x', [2]))).toBeUndefined();
  });

  it('knows the maker of a value', () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const y = add(x, 1);
    expect(graph.producerOf(x)).toBeUndefined();
    expect(graph.producerOf(y)).toMatchObject({ opType: 'Add', domain: '', inputs: [x, graph.scalar(1)] });
  });

  it('shows a composite as one node that holds its body', () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const [y] = graph.composite('Square', [x], {}, () => [multiply(identity(x), x)]);
    expect(graph.nodes.map(({ opType }) => opType)).toEqual(['Square']);
    expect(graph.nodes[0].body?.map(({ opType }) => opType)).toEqual(['Identity', 'Mul']);
    expect(graph.producerOf(y)).toBe(graph.nodes[0]);
  });

  it('goes on outside of a composite whose body failed', () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const failing = () =>
      graph.composite('Broken', [x], {}, () => {
        exp(x);
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    add(x, 1);
    expect(graph.nodes.map(({ opType }) => opType)).toEqual(['Add']);
  });

  it.each<[string, (graph: Graph) => void, string]>([
    ['a second input of that name', (graph) => graph.input('x', [1]), 'input "x" is there already'],
    [
      'a second output of that name',
      (graph) => graph.output('y', graph.scalar(1)),
      'output "y" is there already',
    ],
    ['a shape with a fraction', (graph) => graph.input('z', [1.5]), '"z": [1.5] is not a shape'],
    ['a negative size', (graph) => graph.input('z', [-1]), '"z": [-1] is not a shape'],
    [
      'a constant that does not fit',
      (graph) => graph.constant(Float32Array.of(1, 2), [3]),
      'a constant of shape [3] cannot hold 2 numbers',
    ],
    [
      'a composite that returns its input',
      (graph) => graph.composite('Empty', [graph.inputs[0]], {}, () => [graph.inputs[0]]),
      'Empty: an output of a composite must be made by one of its own nodes',
    ],
    [
      'a value of another graph',
      (graph) => add(graph.inputs[0], new Graph().input('other', [2])),
      'Add: "other" is of another graph',
    ],
  ])('refuses %s', (_, act, message) => {
    const graph = new Graph();
    graph.output('y', exp(graph.input('x', [2])));
    expect(() => act(graph)).toThrow(message);
  });
});
