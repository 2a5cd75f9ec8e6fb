import { invalidParameter } from '../../../../common/mlflow/error.ts';

/*
 * How the JSON of a request becomes the fields of MLflow's protocol: names in either spelling, integers also as texts,
 * null as absent, unknown fields ignored, unknown words of an enumeration ignored.
 */

/** A value that does not fit its field. */
export class UnfitValue extends Error {
  readonly path: string;
  readonly value: unknown;

  constructor(path: string, value: unknown) {
    super(`${path} does not fit`);
    this.path = path;
    this.value = value;
  }
}

/** One field of a request: `parse` gives its value, undefined where it counts as absent. */
export interface Field<T> {
  /** What a value of another type is told to be. */
  readonly type: 'text' | 'integer' | 'number' | 'boolean' | 'list' | 'other';
  readonly parse: (value: unknown, path: string) => T | undefined;
  /** For a list: how one item of the query is read. */
  readonly isList?: boolean;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a field of any type
export type Fields = Readonly<Record<string, Field<any>>>;
export type FieldValue<F> = F extends Field<infer T> ? T : never;
export type Parsed<F extends Fields> = { readonly [K in keyof F]?: FieldValue<F[K]> };

const LARGEST_INTEGER = 2n ** 63n;

export const text: Field<string> = {
  type: 'text',
  parse: (value, path) => {
    if (typeof value !== 'string' || !value.isWellFormed()) throw new UnfitValue(path, value);
    return value;
  },
};

export const integer: Field<number> = {
  type: 'integer',
  parse: (value, path) => {
    const isText = typeof value === 'string' && value !== '' && !/\s/.test(value);
    const number = typeof value === 'number' ? value : isText ? Number(value) : NaN;
    const isInRange =
      Number.isInteger(number) && BigInt(number) < LARGEST_INTEGER && BigInt(number) >= -LARGEST_INTEGER;
    if (!isInRange) throw new UnfitValue(path, value);
    return number;
  },
};

export const number: Field<number> = {
  type: 'number',
  parse: (value, path) => {
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (typeof value === 'boolean') return Number(value);
    if (typeof value !== 'string') throw new UnfitValue(path, value);
    const word = value.trim().toLowerCase();
    const infinite = /^([+-]?)inf(inity)?$/.exec(word);
    if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
    if (value === 'NaN' || word === '+nan' || word === '-nan') return NaN;
    const parsed = word === '' || word.startsWith('0x') ? NaN : Number(word);
    if (Number.isNaN(parsed)) throw new UnfitValue(path, value);
    return parsed;
  },
};

export const boolean: Field<boolean> = {
  type: 'boolean',
  parse: (value, path) => {
    if (typeof value !== 'boolean') throw new UnfitValue(path, value);
    return value;
  },
};

/** One of the words, or its number: the first word has the number `first`. */
export function oneOf<const W extends readonly string[]>(words: W, first = 1): Field<W[number]> {
  return {
    type: 'other',
    parse: (value, path) => {
      const known = words.find((word) => word === value);
      if (known !== undefined) return known;
      const isNumber = typeof value === 'number' || (typeof value === 'string' && /^[+-]?\d+$/.test(value));
      if (!isNumber && typeof value !== 'string') throw new UnfitValue(path, value);
      return isNumber ? words[Number(value) - first] : undefined;
    },
  };
}

export function listOf<T>(item: Field<T>): Field<T[]> {
  return {
    type: 'list',
    isList: true,
    parse: (value, path) => {
      if (!Array.isArray(value)) throw new UnfitValue(path, value);
      return value.map((each, at) => {
        const parsed = each === null ? undefined : item.parse(each, `${path}[${at}]`);
        if (parsed === undefined) throw new UnfitValue(`${path}[${at}]`, each);
        return parsed;
      });
    },
  };
}

/** A message within a message. */
export function message<F extends Fields>(fields: F): Field<Parsed<F>> {
  return {
    type: 'other',
    parse: (value, path) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new UnfitValue(path, value);
      return parseFields(fields, value as Record<string, unknown>, `${path}.`);
    },
  };
}

const toSnakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The fields of an object. */
export function parseFields<F extends Fields>(
  fields: F,
  json: Record<string, unknown>,
  path = '',
): Parsed<F> {
  const parsed: Record<string, unknown> = {};
  for (const [given, value] of Object.entries(json)) {
    const name = Object.hasOwn(fields, given) ? given : toSnakeCase(given);
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined || value === null) continue;
    if (name !== given && Object.hasOwn(json, name))
      throw invalidParameter(`Request specifies both '${name}' and '${given}'; provide only one of them.`);
    const result: unknown = field.parse(value, `${path}${name}`);
    if (result !== undefined) parsed[name] = result;
  }
  return parsed as Parsed<F>;
}
