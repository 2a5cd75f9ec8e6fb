import { Graph } from '../graph.ts';
import { formatShape, sameShape } from '../shape.ts';
import type { GraphNode, Value } from '../value.ts';
import type { LoweringRule } from './lowering-rule.ts';

/**
 * The same computation, with the operations that a rule knows computed in that rule's way. Inputs, outputs and their names
 * stay. Differentiate before: what a rule puts in need not have gradients.
 */
export function lowerGraph(graph: Graph, rules: readonly LoweringRule[]): Graph {
  const ruleOf = new Map(rules.map((rule) => [rule.opType, rule]));
  const lowered = new Graph();
  const images = new Map<Value, Value>();
  for (const input of graph.inputs) images.set(input, lowered.input(input.name, input.shape, input.dtype));
  for (const { value, data } of graph.constants.values())
    images.set(value, lowered.constant(data, value.shape, value.dtype));

  const visit = (node: GraphNode): void => {
    const inputs = node.inputs.map((input) => (input === undefined ? undefined : images.get(input)!));
    const replaced = ruleOf
      .get(node.opType)
      ?.lower({ inputs: inputs as readonly Value[], outputs: node.outputs, attributes: node.attributes });
    if (replaced === undefined && node.body !== undefined) return node.body.forEach(visit);
    const values = replaced ?? lowered.node(node.opType, inputs, node.attributes, node.outputs, node.domain);
    node.outputs.forEach((output, index) => images.set(output, checked(node.opType, output, values[index])));
  };
  graph.nodes.forEach(visit);
  for (const [name, value] of graph.outputs) lowered.output(name, images.get(value)!);
  return lowered;
}

function checked(opType: string, output: Value, image: Value): Value {
  if (sameShape(image.shape, output.shape) && image.dtype === output.dtype) return image;
  throw new Error(
    `lowering of ${opType}: ${image.dtype}${formatShape(image.shape)} ` +
      `instead of ${output.dtype}${formatShape(output.shape)}`,
  );
}
