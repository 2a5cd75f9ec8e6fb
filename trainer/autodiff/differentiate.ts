import { formatShape, sameShape, sizeOf } from '../graph/shape.ts';
import { add, filled } from '../graph/ops/index.ts';
import type { GraphNode, Value } from '../graph/value.ts';
import { gradientRule, stopsGradient } from './gradient-registry.ts';

/** What to do about a value that the result does not depend on. */
export interface DifferentiateOptions {
  /** `error` (default) throws; `zeros` gives a gradient of zeros. */
  readonly unreached?: 'error' | 'zeros';
}

/**
 * Gradients of `y`, a single number of shape `[]` or `[1]`, with respect to each of `wrt`, as new values of the same
 * graph and with the shapes of `wrt`. Reverse mode: one walk backwards over the nodes between `wrt` and `y`.
 *
 * Throws when `y` is not a single float32 number, when a node on the way has no gradient rule, and when `y` does not
 * depend on one of `wrt` (see `unreached`).
 */
export function differentiate(
  y: Value,
  wrt: readonly Value[],
  { unreached = 'error' }: DifferentiateOptions = {},
): Value[] {
  if (sizeOf(y.shape) !== 1 || y.dtype !== 'float32')
    throw new Error(
      `only a single float32 number can be differentiated, not ${y.dtype}${formatShape(y.shape)}`,
    );
  for (const value of wrt)
    if (value.dtype !== 'float32')
      throw new Error(`"${value.name}" is ${value.dtype}: only float32 has gradients`);
  const nodes = [...y.graph.nodes];
  const varying = findVarying(nodes, wrt);
  const gradients = new GradientSums();
  gradients.add(y, filled(y.graph, y.shape, 1));
  for (const node of nodes.reverse()) passThrough(node, varying, gradients);
  return wrt.map((value) => {
    const gradient = gradients.total(value);
    if (gradient !== undefined) return gradient;
    if (unreached === 'error') throw new Error(`the result does not depend on "${value.name}"`);
    return filled(y.graph, value.shape, 0);
  });
}

/** Every value through which a change of `wrt` can travel. */
function findVarying(nodes: readonly GraphNode[], wrt: readonly Value[]): ReadonlySet<Value> {
  const varying = new Set(wrt);
  for (const node of nodes) {
    if (stopsGradient(node.opType)) continue;
    if (node.inputs.some((input) => input !== undefined && varying.has(input)))
      for (const output of node.outputs) varying.add(output);
  }
  return varying;
}

/** Adds to the gradients of a node's inputs what comes back through its outputs. */
function passThrough(node: GraphNode, varying: ReadonlySet<Value>, gradients: GradientSums): void {
  const needsGradient = (input: Value | undefined): input is Value =>
    input !== undefined && varying.has(input);
  if (stopsGradient(node.opType) || !node.inputs.some(needsGradient)) return;
  const [dy, ...others] = node.outputs.map((output) => gradients.total(output));
  if (others.some((gradient) => gradient !== undefined))
    throw new Error(`${node.opType}: gradients pass through its first output only`);
  if (dy === undefined) return;
  const { inputs, outputs, attributes } = node;
  const thunks = gradientRule(node.opType).gradients({
    inputs: inputs as readonly Value[],
    outputs,
    attributes,
    dy,
  });
  inputs.forEach((input, index) => {
    const thunk = thunks[index];
    if (thunk === undefined || !needsGradient(input)) return;
    const gradient = thunk();
    if (gradient.dtype !== 'float32' || !sameShape(gradient.shape, input.shape))
      throw new Error(
        `gradient of ${node.opType}, input ${index}: ${gradient.dtype}${formatShape(gradient.shape)} ` +
          `instead of ${input.dtype}${formatShape(input.shape)}`,
      );
    gradients.add(input, gradient);
  });
}

/** What has come back to each value so far: one contribution per use of it. */
class GradientSums {
  readonly #sums = new Map<Value, Value>();

  add(value: Value, contribution: Value): void {
    const sum = this.#sums.get(value);
    this.#sums.set(value, sum === undefined ? contribution : add(sum, contribution));
  }

  total(value: Value): Value | undefined {
    return this.#sums.get(value);
  }
}
