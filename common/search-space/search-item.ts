import { z } from 'zod';

const json = z.json();

/** One entry of a `search` list as configs write it. Clara knows the types `float` and `enum`, and neither `log` nor `when`. */
export const searchItemSchema = z.strictObject({
  domain: z
    .string()
    .regex(/^[\w-]+$/)
    .describe('a label: lr, net or transform'),
  type: z.enum(['float', 'enum', 'int', 'bool']),
  args: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .describe('what is searched: "arg", "arg#alias", "@disabled", or at the first level a free name'),
  targets: z
    .array(json)
    .optional()
    .describe(
      'float [min, max]; int [min, max] or [min, max, step]; enum a list of choices, each a list with one value per arg',
    ),
  log: z.boolean().optional().describe('float and int: search the logarithm'),
  when: z
    .record(z.string(), json)
    .optional()
    .describe('searched only while each of these has the given value, or one of the given values'),
});

export type SearchItem = z.output<typeof searchItemSchema>;

/** Keys of an item that Clara does not know. */
export const EXTENSION_KEYS = ['log', 'when'] as const;

/** Types of an item that Clara knows. */
export const CLARA_TYPES: readonly string[] = ['float', 'enum'];

/** Domains that Clara's documentation names. */
export const CLARA_DOMAINS: readonly string[] = ['lr', 'net', 'transform'];

/** An entry of `args`: `prob#myProb` is the arg `prob`, whose value is also published as `myProb`. */
export interface SearchedName {
  readonly name: string;
  readonly alias?: string;
}

/** Splits the alias off. */
export function parseSearchedName(text: string): SearchedName {
  const [name, alias] = text.split('#') as [string, string?];
  return alias === undefined ? { name } : { name, alias: stripAt(alias) };
}

/** Free names and aliases may be written with `@` in front; they mean the same without. */
export function stripAt(name: string): string {
  return name.startsWith('@') ? name.slice(1) : name;
}

/** `"args": "DISABLED"` with a domain only: Clara's shorthand for switching the component on and off. */
export const DISABLED_SHORTHAND = 'DISABLED';
