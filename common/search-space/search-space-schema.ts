import { z } from 'zod';
import { fail, succeed, type Fault, type FaultCode, type Result } from '../fault.ts';
import type { Json } from '../json.ts';
import { faultsOfIssues } from '../mmar/schema-faults.ts';
import { findNeverActive, orderParameters } from './order-parameters.ts';
import type {
  EnumParameter,
  FloatParameter,
  IntParameter,
  Prl,
  SearchParameter,
  SearchSpace,
} from './search-space.ts';
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
  min: z.int(),
  max: z.int(),
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
  if (faults.length > 0) return fail(...faults.map((fault) => ({ ...place, ...fault })));
  const ordered = orderParameters(space.parameters);
  return succeed('parameters' in ordered ? { parameters: ordered.parameters } : space);
}

const asSchemaFault = (fault: Fault): Fault => ({ ...fault, code: 'schema' });

function findFaults({ parameters }: SearchSpace): readonly Fault[] {
  const known = new Map(parameters.map((parameter) => [parameter.prl, parameter]));
  const faults = parameters.flatMap((parameter, index) =>
    problemsOf(parameter, index, parameters, known).map(([code, message]): Fault => ({
      code,
      path: ['parameters', index],
      message,
    })),
  );
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

type Problem = readonly [FaultCode, string];

function problemsOf(
  parameter: SearchParameter,
  index: number,
  parameters: readonly SearchParameter[],
  known: ReadonlyMap<Prl, SearchParameter>,
): readonly Problem[] {
  const { prl, current, conditions } = parameter;
  const problems: Problem[] = 'choices' in parameter ? choiceProblems(parameter) : rangeProblems(parameter);
  if (parameters.findIndex((other) => other.prl === prl) < index)
    problems.push(['search-duplicate', `${prl} stands twice.`]);
  if (current !== undefined && !isInRange(parameter, current))
    problems.push(['search-target', `The current value of ${prl} is out of its range.`]);
  for (const { parent, values } of conditions) {
    const found = known.get(parent);
    const fits =
      found !== undefined && found.type !== 'float' && values.every((value) => isInRange(found, value));
    if (!fits)
      problems.push([
        'search-condition',
        `${prl} depends on ${parent}, which is no enum, bool or int that has these values.`,
      ]);
  }
  return problems;
}

function choiceProblems({ prl, args, choices }: EnumParameter): Problem[] {
  const fits = choices.every((choice) => choice.length === args.length);
  return fits ? [] : [['search-target', `A choice of ${prl} has not one value per arg.`]];
}

function rangeProblems(parameter: FloatParameter | IntParameter): Problem[] {
  const { prl, min, max, log } = parameter;
  const problems: Problem[] = [];
  if (min >= max) problems.push(['search-target', `The smallest value of ${prl} is not below its largest.`]);
  if (log && min <= 0) problems.push(['search-target', `The log scale of ${prl} cannot begin at ${min}.`]);
  if (parameter.type === 'int' && (max - min) % parameter.step !== 0)
    problems.push([
      'search-target',
      `Steps of ${parameter.step} from ${min} do not reach the largest value of ${prl}.`,
    ]);
  return problems;
}
