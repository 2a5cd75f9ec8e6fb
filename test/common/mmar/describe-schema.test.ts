import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { componentSpecs } from '../../../common/components/catalogue.ts';
import { describeSchema } from '../../../common/mmar/describe-schema.ts';

describe('describeSchema', () => {
  it.each([
    [z.int().positive(), 'a whole number above 0'],
    [z.int(), 'a whole number'],
    [z.number().min(0).lt(1), 'a number from 0 below 1'],
    [z.number().min(0).max(1).default(0.1), 'a number from 0 up to 1'],
    [z.boolean(), 'true or false'],
    [z.string(), 'a string'],
    [z.null(), 'null'],
    [z.literal('csv'), '"csv"'],
    [z.enum(['mean', 'sum', 'none']), '"mean", "sum" or "none"'],
    [
      z.union([z.int(), z.array(z.int()).min(2)]),
      'a whole number or a list of at least 2 (each a whole number)',
    ],
    [z.array(z.number()).length(3), 'a list of 3 (each a number)'],
    [z.array(z.number()).min(1).max(3), 'a list of 1 to 3 (each a number)'],
    [z.tuple([z.number(), z.number()]), 'a list of 2'],
    [z.string().nullable(), 'a string or null'],
    [z.record(z.string(), z.number()), 'an object'],
  ])('%#: %s', (schema, words) => {
    expect(describeSchema(schema)).toBe(words);
  });

  it('does not pretend to know what it cannot say', () => {
    expect(describeSchema(z.unknown())).toBeUndefined();
    expect(describeSchema(z.custom<Date>())).toBeUndefined();
  });

  it('can describe the arguments of every component', () => {
    for (const { args } of componentSpecs) {
      for (const schema of Object.values(args.shape))
        expect(() => describeSchema(schema as z.ZodType)).not.toThrow();
    }
  });
});
