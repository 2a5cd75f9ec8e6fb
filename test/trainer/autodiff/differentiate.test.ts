import { describe, expect, it } from 'vitest';
import { differentiate } from '../../../trainer/autodiff/differentiate.ts';
import { Graph } from '../../../trainer/graph/graph.ts';
import * as ops from '../../../trainer/graph/ops/index.ts';
import { evaluate } from '../graph/run-graph.ts';

const graphWith = (...shapes: number[][]) => {
  const graph = new Graph();
  return { graph, values: shapes.map((shape, index) => graph.input(`x${index}`, shape)) };
};

describe('differentiate', () => {
  it('sums what comes back through every use of a value', async () => {
    const {
      values: [x],
    } = graphWith([2]);
    const square = ops.multiply(x, x);
    const y = ops.reduceSum(ops.add(ops.multiply(square, x), ops.subtract(square, x)));
    const [dx] = differentiate(y, [x]);
    // y = x³ + x² - x: dy/dx = 3x² + 2x - 1
    expect(await evaluate(dx, [[x, Float32Array.of(2, -1)]])).toEqual([15, 0]);
  });

  it('gives the gradient of a value in the middle, too', async () => {
    const {
      values: [x],
    } = graphWith([2]);
    const middle = ops.multiply(x, 3);
    const [dx, dMiddle] = differentiate(ops.reduceSum(ops.multiply(middle, middle)), [x, middle]);
    const both = ops.concat([dx, dMiddle], 0);
    expect(await evaluate(both, [[x, Float32Array.of(1, 2)]])).toEqual([18, 36, 6, 12]);
  });

  it('gives gradients that can be differentiated again', async () => {
    const {
      values: [x],
    } = graphWith([2]);
    const [first] = differentiate(ops.reduceSum(ops.power(x, 3)), [x]);
    const [second] = differentiate(ops.reduceSum(first), [x]);
    expect(await evaluate(second, [[x, Float32Array.of(2, -1)]])).toEqual([12, -6]);
  });

  it('accepts the result itself and a result of shape [1]', async () => {
    const {
      values: [x],
    } = graphWith([1]);
    const [dx] = differentiate(x, [x]);
    expect(await evaluate(ops.add(dx, ops.multiply(x, 0)), [[x, Float32Array.of(5)]])).toEqual([1]);
  });

  it('does not build gradients that nobody needs', () => {
    const {
      graph,
      values: [x, w],
    } = graphWith([1, 1, 4, 4], [1, 1, 3, 3]);
    const loss = ops.reduceSum(ops.conv(x, w));
    const before = graph.nodes.length;
    differentiate(loss, [w]);
    const added = graph.nodes.slice(before).map(({ opType }) => opType);
    expect(added).toContain('ConvWeightGradient');
    expect(added).not.toContain('Conv');
    expect(added).not.toContain('ConvTranspose');
  });

  it('leaves nodes alone that are not on the way', () => {
    const { graph, values } = graphWith([2, 2], [2, 2]);
    graph.node('Det', [values[1]], {}, [{ dtype: 'float32', shape: [] }]);
    expect(() => differentiate(ops.reduceSum(values[0]), [values[0]])).not.toThrow();
  });

  it.each([
    ['Cast', (x: ops.Operand & object) => ops.cast(ops.cast(x, 'int32'), 'float32')],
    ['Greater', (x: ops.Operand & object) => ops.cast(ops.greater(x, 0), 'float32')],
    ['ArgMax', (x: ops.Operand & object) => ops.cast(ops.argMax(x, 0), 'float32')],
    ['Sign', ops.sign],
    ['StopGradient', ops.stopGradient],
  ])('stops at %s', (_, step) => {
    const {
      values: [x],
    } = graphWith([3]);
    expect(() => differentiate(ops.reduceSum(step(x)), [x])).toThrow('the result does not depend on "x0"');
  });

  it('passes the values of stopGradient, but not their gradient', async () => {
    const {
      values: [x],
    } = graphWith([2]);
    const [dx] = differentiate(ops.reduceSum(ops.multiply(x, ops.stopGradient(x))), [x]);
    expect(await evaluate(dx, [[x, Float32Array.of(3, 4)]])).toEqual([3, 4]);
  });

  it('gives zeros for a value that does not matter, when asked', async () => {
    const {
      values: [x, other],
    } = graphWith([2], [2, 2]);
    const [, zeros] = differentiate(ops.reduceSum(x), [x, other], { unreached: 'zeros' });
    expect(zeros.shape).toEqual([2, 2]);
    expect(
      await evaluate(ops.identity(zeros), [
        [x, new Float32Array(2)],
        [other, new Float32Array(4)],
      ]),
    ).toEqual([0, 0, 0, 0]);
  });
});

describe('differentiate refuses', () => {
  it('more than one number', () => {
    const {
      values: [x],
    } = graphWith([2, 3]);
    expect(() => differentiate(x, [x])).toThrow(
      'only a single float32 number can be differentiated, not float32[2, 3]',
    );
  });

  it('whole numbers', () => {
    const graph = new Graph();
    const labels = graph.input('labels', [1], 'int64');
    const loss = ops.reduceSum(ops.cast(labels, 'float32'));
    expect(() => differentiate(loss, [labels])).toThrow('"labels" is int64: only float32 has gradients');
  });

  it('an operation without a rule, by its name', () => {
    const {
      graph,
      values: [x],
    } = graphWith([2, 2]);
    const [det] = graph.node('Det', [x], {}, [{ dtype: 'float32', shape: [] }]);
    expect(() => differentiate(det, [x])).toThrow('there is no gradient for the operation "Det"');
  });

  it('gradients through a second output', () => {
    const {
      values: [x],
    } = graphWith([2, 3, 4]);
    const { mean } = ops.standardize(x, [2], 1e-5);
    expect(() => differentiate(ops.reduceSum(mean), [x])).toThrow(
      'Standardize: gradients pass through its first output only',
    );
  });

  it('a gradient of the wrong shape, by operation and input', () => {
    const {
      graph,
      values: [x],
    } = graphWith([2]);
    const [y] = graph.node('Relu', [x], {}, [{ dtype: 'float32', shape: [3] }]);
    expect(() => differentiate(ops.reduceSum(y), [x])).toThrow(
      'gradient of Relu, input 0: float32[3] instead of float32[2]',
    );
  });
});
