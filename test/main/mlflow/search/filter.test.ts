import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilter, type Clause } from '../../../../main/mlflow/search/clause.ts';
import { RUN_GRAMMAR } from '../../../../main/mlflow/search/grammars.ts';

const parse = (filter: string): Clause[] => parseFilter(filter, RUN_GRAMMAR);

/** Keys that stand without quotes, and texts that need them. */
const plainKey = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}(\.[a-zA-Z_][a-zA-Z0-9_]{0,5}){0,2}$/);
const anyKey = fc.stringMatching(/^[\w ./:-]{1,12}$/);
const someText = fc.string({ unit: 'grapheme', maxLength: 12 });

const ENTITIES = {
  metric: ['metric', 'metrics'],
  parameter: ['param', 'params', 'parameter', 'parameters'],
  tag: ['tag', 'tags'],
} as const;

const writtenKey = fc.oneof(
  plainKey.map((key) => ({ key, written: key })),
  anyKey.filter((key) => !key.includes('`')).map((key) => ({ key, written: `\`${key}\`` })),
  anyKey.filter((key) => !key.includes('"')).map((key) => ({ key, written: `"${key}"` })),
);

const writtenText = fc.oneof(
  someText.filter((text) => !/['\\]/.test(text)).map((text) => ({ value: text, written: `'${text}'` })),
  someText.filter((text) => !text.includes('"')).map((text) => ({ value: text, written: `"${text}"` })),
);

const writtenNumber = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => ({
  value: Object.is(value, -0) ? 0 : value,
  written: String(Object.is(value, -0) ? 0 : value).replace('e+', 'e'),
}));

/** A condition, and one way of writing it. */
const condition: fc.Arbitrary<{ clause: Clause; written: string }> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...ENTITIES.metric),
      writtenKey,
      fc.constantFrom('>', '>=', '=', '!=', '<', '<='),
      writtenNumber,
    )
    .map(([entity, { key, written }, comparator, number]) => ({
      clause: { kind: 'metric' as const, key, comparator, value: number.value },
      written: `${entity}.${written} ${comparator} ${number.written}`,
    })),
  fc
    .tuple(
      fc.constantFrom('parameter' as const, 'tag' as const),
      fc.nat(3),
      writtenKey,
      fc.constantFrom('=', '!=', 'LIKE', 'ilike'),
      writtenText,
    )
    .map(([kind, which, { key, written }, comparator, text]) => ({
      clause: { kind, key, comparator: comparator.toUpperCase(), value: text.value },
      written: `${ENTITIES[kind][which % ENTITIES[kind].length]}.${written}  ${comparator} ${text.written}`,
    })),
  fc
    .tuple(fc.constantFrom('parameter' as const, 'tag' as const), writtenKey, fc.boolean())
    .map(([kind, { key, written }, isNot]) => ({
      clause: { kind, key, comparator: isNot ? 'IS NOT NULL' : 'IS NULL', value: undefined },
      written: `${ENTITIES[kind][0]}.${written} is ${isNot ? 'not ' : ''}null`,
    })),
  fc
    .tuple(fc.constantFrom('', 'attribute.', 'attributes.', 'attr.', 'run.'), writtenText)
    .map(([entity, text]) => ({
      clause: { kind: 'attribute' as const, key: 'status', comparator: '=', value: text.value },
      written: `${entity}status=${text.written}`,
    })),
  fc
    .tuple(fc.constantFrom('IN', 'NOT IN'), fc.array(writtenText, { minLength: 1, maxLength: 4 }))
    .map(([comparator, texts]) => ({
      clause: {
        kind: 'attribute' as const,
        key: 'run_id',
        comparator,
        value: texts.map(({ value }) => value),
      },
      written: `run_id ${comparator} (${texts.map(({ written }) => written).join(', ')})`,
    })),
);

describe('a filter', () => {
  it('is read as it was written, in every way of writing it', () => {
    fc.assert(
      fc.property(
        fc.array(condition, { maxLength: 4 }),
        fc.constantFrom(' AND ', ' and ', '  And\n'),
        (conditions, and) => {
          const filter = conditions.map(({ written }) => written).join(and);
          expect(parse(filter)).toEqual(conditions.map(({ clause }) => clause));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is never anything but read or refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        try {
          parse(text);
        } catch (error) {
          expect(error).toMatchObject({ name: 'MLflowError', code: 'INVALID_PARAMETER_VALUE' });
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ["params.a = 'x' OR params.b = 'y'", /Invalid clause\(s\) in filter string: 'OR'/],
    ["(params.a = 'x')", /Invalid clause/],
    ['metrics.a', /Invalid clause/],
    ['metrics.a >', /Invalid comparison clause. Expected 3 tokens found 2/],
    ["params.a = 'x'; params.b = 'y'", /multiple expression/],
    ["metrics.a = 'x'", /Expected numeric value type for metric. Found 'x'/],
    ['params.a = 3', /Expected a quoted string value for parameter/],
    ['params.a = x', /not quoted/],
    ["params.a > 'x'", /Invalid comparator '>' not one of/],
    ["params.a IN ('x')", /Expected a quoted string value/],
    [
      "models.a = 'x'",
      /Invalid entity type 'models'. Valid values are \['metric', 'parameter', 'tag', 'attribute', 'dataset'\]/,
    ],
    ["colour = 'x'", /Invalid attribute key 'colour' specified/],
    ["dataset.colour = 'x'", /Invalid dataset key 'colour'/],
    ['start_time = "now"', /Expected numeric value type for numeric attribute: start_time/],
    ["status IN ('a')", /Only \['run_id'\] attributes support/],
    ['run_id IN ()', /empty list/],
    ['run_id IN (1)', /different type in list/],
    ["run_id IN ('a' 'b')", /ill-formed list/],
    ["run_id = ('a')", /Invalid comparator '='/],
    ['metrics.a IS NULL', /only supported for tags and params/],
  ])('%s is refused', (filter, message) => {
    expect(() => parse(filter)).toThrow(message);
  });
});
