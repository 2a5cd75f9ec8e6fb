import { z } from 'zod';
import { digestText } from '../text/digest-text.ts';
import type { Api, Operation } from './contract.ts';

/**
 * A text that differs when two programs do not speak the same contract: all names with their verbs, and a digest of the
 * shapes of all that goes over the wire (JSON Schema of inputs as they are sent and of outputs as they arrive). What a
 * schema checks in code of its own and what is only said about it are no part of a shape.
 *
 * It takes some 40 ms for the whole program, so builds put it in (common/api/contract.ts).
 */
export function describeContract(api: Api): string {
  const operations = Object.entries(api)
    .flatMap(([noun, verbs]) =>
      Object.entries(verbs).map(([verb, operation]) => ({ name: `${noun}.${verb}`, operation })),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const shapes = operations.map(({ name, operation }) => [name, ...describeShapes(operation)]);
  return `${operations.length} operations, ${digestText(JSON.stringify(shapes))}`;
}

function describeShapes(operation: Operation): readonly unknown[] {
  const { kind, input } = operation;
  const output = kind === 'stream' ? operation.item : operation.output;
  return [kind, describeShape(input, 'input'), describeShape(output, 'output')];
}

function describeShape(schema: z.ZodType, io: 'input' | 'output'): unknown {
  return z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => void delete jsonSchema.description,
  });
}
