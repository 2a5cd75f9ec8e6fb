import { z } from 'zod';
import { fail, succeed, type Fault, type Result } from '../fault.ts';
import type { Json } from '../json.ts';
import { faultsOfIssues } from '../mmar/schema-faults.ts';
import { findNeverActive, orderParameters } from './order-parameters.ts';
import type { SearchSpace } from './search-space.ts';
import { isInRange } from './validate-values.ts';

const base = {
  prl: z.string().min(1),
  domain: z.string(),
  args: z.array(z.string()).min(1),
  conditions: z.array(z.object({ parent: z.string(), values: z.array(z.number()).min(1) })).default([]),
};
const range = {
  min: z.number(),
  max: z.number(),
  log: z.boolean().default(false),
  current: z.number().optional(),
};
const floatParameter = z.object({ ...base, type: z.literal('float'), ...range });
const intParameter = z.object({
  ...base,
  type: z.literal('int'),
  ...range,
  step: z.int().positive().default(1),
});
const enumParameter = z.object({
  ...base,
  type: z.enum(['enum', 'bool']),
  choices: z.array(z.array(z.json())).min(1),
  current: z.int().nonnegative().optional(),
});

/** A search space as JSON; further keys, such as those of `outerloop search-space --json`, are passed over. */
export const searchSpaceSchema = z.object({
  parameters: z.array(z.discriminatedUnion('type', [floatParameter, intParameter, enumParameter])).min(1),
}) satisfies z.ZodType<SearchSpace>;

/** Reads a search space from JSON and makes sure that it can be searched. */
export function parseSearchSpace(json: Json, file?: string): Result<SearchSpace> {
  const place = { path: [], ...(file === undefined ? {} : { file }) };
  const parsed = searchSpaceSchema.safeParse(json, { reportInput: true });
  if (!parsed.success) return fail(...faultsOfIssues(parsed.error, place).map(asSchemaFault));
  const space: SearchSpace = parsed.data;
  const faults = findFaults(space);
  if (faults.length > 0)
    return fail(
      ...faults.map((fault) => ({ ...fault, ...place, path: ['parameters', ...(fault.path ?? [])] })),
    );
  const ordered = orderParameters(space.parameters);
  return succeed('parameters' in ordered ? { parameters: ordered.parameters } : space);
}

const asSchemaFault = (fault: Fault): Fault => ({ ...fault, code: 'schema' });

function findFaults({ parameters }: SearchSpace): readonly Fault[] {
  const known = new Map(parameters.map((parameter) => [parameter.prl, parameter]));
  const faults = parameters.flatMap((parameter, index): readonly Fault[] => {
    const fault = (code: Fault['code'], message: string): Fault => ({ code, path: [index], message });
    const { prl, conditions } = parameter;
    const own: Fault[] = [];
    if (parameters.findIndex((other) => other.prl === prl) < index)
      own.push(fault('search-duplicate', `${prl} stands twice.`));
    if (!('choices' in parameter) && parameter.min >= parameter.max)
      own.push(fault('search-target', `The smallest value of ${prl} is not below its largest.`));
    if (!('choices' in parameter) && parameter.log && parameter.min <= 0)
      own.push(fault('search-target', `The log scale of ${prl} cannot begin at ${parameter.min}.`));
    if (parameter.current !== undefined && !isInRange(parameter, parameter.current))
      own.push(fault('search-target', `The current value of ${prl} is out of its range.`));
    const wrong = conditions.filter(({ parent, values }) => {
      const found = known.get(parent);
      return (
        found === undefined || found.type === 'float' || !values.every((value) => isInRange(found, value))
      );
    });
    return [
      ...own,
      ...wrong.map(({ parent }) =>
        fault(
          'search-condition',
          `${prl} depends on ${parent}, which is no enum, bool or int that has these values.`,
        ),
      ),
    ];
  });
  if (faults.length > 0) return faults;
  const ordered = orderParameters(parameters);
  if ('cycle' in ordered)
    return [
      { code: 'search-condition', message: `Conditions lead in a circle: ${ordered.cycle.join(' needs ')}.` },
    ];
  return findNeverActive(ordered.parameters).map(({ prl }) => ({
    code: 'search-condition',
    message: `The conditions of ${prl} can never hold together.`,
  }));
}
