import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ownContract } from '../../../common/api/contract.ts';
import { api } from '../../../common/api/index.ts';
import { command, query, stream, type Operation } from '../../../common/rpc/contract.ts';
import { describeContract } from '../../../common/rpc/describe-contract.ts';

const run = z.object({ name: z.string(), score: z.number().optional(), state: z.enum(['running', 'ended']) });
const describeOne = (operation: Operation): string => describeContract({ runs: { get: operation } });
const input = z.object({ run: z.string() });
const now = describeOne(query(input, run));

describe('what window and main compare', () => {
  it.each<[string, Operation]>([
    ['has another kind', command(input, run)],
    ['is a stream of the same', stream(input, run)],
    ['wants one thing more', query(input.extend({ job: z.string() }), run)],
    ['wants a thing of another type', query(z.object({ run: z.int() }), run)],
    ['takes a default', query(z.object({ run: z.string().default('last') }), run)],
    ['answers with one thing less', query(input, run.omit({ score: true }))],
    ['answers with a thing that was optional', query(input, run.required())],
    ['knows one more state', query(input, run.extend({ state: z.enum(['running', 'ended', 'lost']) }))],
    ['answers with a list', query(input, z.array(run))],
    ['has another bound', query(z.object({ run: z.string().max(10) }), run)],
  ])('differs when an operation %s', (_, operation) => {
    expect(describeOne(operation)).not.toBe(now);
  });

  it('differs when an operation has another name, and when one is added', () => {
    expect(describeContract({ runs: { read: query(input, run) } })).not.toBe(now);
    expect(describeContract({ jobs: { get: query(input, run) } })).not.toBe(now);
    expect(describeContract({ runs: { get: query(input, run), list: query(input, run) } })).not.toBe(now);
  });

  it('is the same for the same shapes, in whatever order and words', () => {
    const again = z.object({ run: z.string().describe('its name') });
    expect(describeOne(query(again, run.describe('all of it')))).toBe(now);
    const [get, list] = [query(input, run), query(input, z.array(run))];
    expect(describeContract({ runs: { list, get } })).toBe(describeContract({ runs: { get, list } }));
  });

  it('tells the input as it is sent from the output as it arrives', () => {
    const withDefault = z.object({ times: z.int().default(2) });
    expect(describeOne(query(withDefault, z.null()))).not.toBe(describeOne(query(z.null(), withDefault)));
  });

  it('covers the whole program, whose schemas are all of JSON', () => {
    const operations = Object.values(api).flatMap((verbs) => Object.values(verbs));
    expect(ownContract()).toBe(describeContract(api));
    expect(ownContract()).toMatch(new RegExp(`^${operations.length} operations, [0-9a-f]{16}$`));
  });
});
