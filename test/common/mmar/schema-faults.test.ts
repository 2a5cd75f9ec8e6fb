import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { formatFault } from '../../../common/fault.ts';
import { faultsOfIssues, type SchemaPlace } from '../../../common/mmar/schema-faults.ts';

const spec = z.strictObject({
  softmax: z.boolean().default(false),
  rate: z.number().positive().max(1),
  count: z.int().min(1),
  mode: z.enum(['mean', 'sum']).default('mean'),
  size: z.union([z.int(), z.array(z.int()).min(2)]).default(1),
  even: z
    .number()
    .refine((value) => value % 2 === 0, 'must be even')
    .default(2),
});

function check(
  value: unknown,
  place: SchemaPlace = { path: ['args'], component: 'Net', known: Object.keys(spec.shape) },
) {
  const parsed = spec.safeParse(value, { reportInput: true });
  return parsed.success ? [] : faultsOfIssues(parsed.error, place);
}

const good = { rate: 0.5, count: 1 };

describe('faultsOfIssues', () => {
  it.each([
    [
      { ...good, softmaxx: true },
      'args.softmaxx: Net.softmaxx: There is no "softmaxx" here. Did you mean softmax? Allowed: softmax, rate, count, mode, size, even.',
    ],
    [{ count: 1 }, 'args.rate: Net.rate: The argument "rate" is missing. Allowed: a number.'],
    [{ ...good, softmax: 'yes' }, 'args.softmax: Net.softmax: "yes" does not fit. Allowed: true or false.'],
    [{ ...good, rate: 0 }, 'args.rate: Net.rate: 0 does not fit. Allowed: more than 0.'],
    [{ ...good, rate: 2 }, 'args.rate: Net.rate: 2 does not fit. Allowed: at most 1.'],
    [{ ...good, count: 1.5 }, 'args.count: Net.count: 1.5 does not fit. Allowed: a whole number.'],
    [{ ...good, mode: 'max' }, 'args.mode: Net.mode: "max" does not fit. Allowed: "mean", "sum".'],
    [{ ...good, size: 'x' }, 'args.size: Net.size: "x" does not fit. Allowed: a number, or a list.'],
    [{ ...good, size: [1] }, 'args.size: Net.size: [1] does not fit. Allowed: at least 2 items.'],
    [{ ...good, even: 3 }, 'args.even: Net.even: must be even.'],
    [
      { ...good, rate: { kind: 'reference', name: 'model', at: [] } },
      'args.rate: Net.rate: "@model" does not fit. Allowed: a number.',
    ],
  ])('%j', (value, message) => {
    expect(check(value).map(formatFault)).toEqual([message]);
  });

  it('gives every fault its code', () => {
    expect(
      check({ softmaxx: 1, mode: 3 })
        .map(({ code }) => code)
        .sort(),
    ).toEqual(['missing-argument', 'missing-argument', 'unknown-argument', 'wrong-argument']);
  });

  it('speaks of keys where there is no component', () => {
    expect(check({ count: 1 }, { file: 'f.json', path: [] }).map(formatFault)).toEqual([
      'f.json: rate: The key "rate" is missing. Allowed: a number.',
    ]);
  });

  it('shortens long values', () => {
    expect(check({ ...good, mode: 'x'.repeat(500) })[0]?.message.length).toBeLessThan(120);
  });
});
