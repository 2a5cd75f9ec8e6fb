import { z } from 'zod';

const epsilon = z.number().positive().default(1e-5).describe('added to the variance');
const slope = (fallback: number) => z.number().default(fallback);

const affine = (fallback: boolean) =>
  z.boolean().default(fallback).describe('learn a scale and a shift per channel');
const batchArguments = z.strictObject({
  eps: epsilon,
  momentum: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('weight of the newest batch in the running statistics'),
  affine: affine(true),
});

/**
 * Normalisation layers by MONAI's factory name, in lower case, with PyTorch's arguments and defaults. `syncbatch` is
 * `batch`, since a job trains in one process.
 */
export const normArguments = {
  instance: z.strictObject({ eps: epsilon, affine: affine(false) }),
  batch: batchArguments,
  syncbatch: batchArguments,
  group: z.strictObject({
    num_groups: z.int().positive().describe('must divide the number of channels'),
    eps: epsilon,
    affine: affine(true),
  }),
} as const;

const inplace = z.boolean().optional().describe('accepted as PyTorch does; results do not depend on it');

/** Activation functions by MONAI's factory name, in lower case, with PyTorch's arguments and defaults. */
export const activationArguments = {
  relu: z.strictObject({ inplace }),
  relu6: z.strictObject({ inplace }),
  leakyrelu: z.strictObject({ negative_slope: slope(0.01), inplace }),
  prelu: z.strictObject({
    num_parameters: z.int().positive().default(1).describe('1, or the number of channels'),
    init: slope(0.25).describe('the slope that training starts from'),
  }),
  elu: z.strictObject({ alpha: z.number().positive().default(1), inplace }),
  sigmoid: z.strictObject({}),
  tanh: z.strictObject({}),
  swish: z.strictObject({ alpha: slope(1) }),
  mish: z.strictObject({ inplace }),
} as const;

export type NormName = keyof typeof normArguments;
export type ActivationName = keyof typeof activationArguments;

type LayerTable = Readonly<Record<string, z.ZodObject>>;
/** One layer with its arguments filled in. */
export type LayerChoice<Table extends LayerTable> = {
  [Name in keyof Table]: { readonly name: Name; readonly args: z.output<Table[Name]> };
}[keyof Table];

export type Norm = LayerChoice<typeof normArguments>;
export type Activation = LayerChoice<typeof activationArguments>;

/** How a config names a layer: `"batch"`, in any case, or `["GROUP", {"num_groups": 8}]`. */
export type LayerArgument = string | readonly [string, Readonly<Record<string, unknown>>?];

/** The layer that a config's value names, or a sentence that says why there is none. */
function readLayer<Table extends LayerTable>(
  table: Table,
  value: LayerArgument,
): { readonly layer: LayerChoice<Table> } | { readonly problem: string } {
  const [written, given = {}] = typeof value === 'string' ? [value] : value;
  const name = written.toLowerCase();
  const schema = Object.hasOwn(table, name) ? table[name] : undefined;
  if (schema === undefined) {
    return { problem: `'${written}' is unknown. Allowed: ${Object.keys(table).join(', ')}` };
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return { layer: { name, args: parsed.data } as LayerChoice<Table> };
  const problem = parsed.error.issues
    .map((issue) => `${issue.path.join('.') || 'arguments'}: ${issue.message}`)
    .join('; ');
  return {
    problem: `'${written}' ${problem}. Allowed: ${Object.keys(schema.shape).join(', ') || 'no arguments'}`,
  };
}

/** A zod schema of a layer argument: a name, or a pair of name and arguments, that `table` knows. */
function layerArgument(table: LayerTable) {
  return z
    .union([z.string(), z.tuple([z.string()]), z.tuple([z.string(), z.record(z.string(), z.unknown())])])
    .superRefine((value, context) => {
      const read = readLayer(table, value);
      if ('problem' in read) context.addIssue({ code: 'custom', message: read.problem });
    });
}

/** Schema of a `norm` argument. */
export const normArgument = layerArgument(normArguments);

/** Schema of an `act` argument. */
export const activationArgument = layerArgument(activationArguments);

/** The normalisation that a checked `norm` argument names. */
export function parseNorm(value: LayerArgument): Norm {
  return orThrow(readLayer(normArguments, value));
}

/** The activation that a checked `act` argument names. */
export function parseActivation(value: LayerArgument): Activation {
  return orThrow(readLayer(activationArguments, value));
}

function orThrow<Layer>(read: { readonly layer: Layer } | { readonly problem: string }): Layer {
  if ('problem' in read) throw new RangeError(read.problem);
  return read.layer;
}
