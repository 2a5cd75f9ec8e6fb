import { describe, expect, it } from 'vitest';
import { FaultError, unwrap } from '../../../common/fault.ts';
import type { SearchValues } from '../../../common/search-space/search-space.ts';
import type { Controller, Recommendation } from '../../../main/controllers/controller.ts';
import { controllerNames, createController } from '../../../main/controllers/registry.ts';
import { describeControllerContract } from '../../contracts/controller.contract.ts';
import { contractSpaces } from '../../contracts/controller-spaces.ts';

describeControllerContract({
  name: 'ReinforcementController',
  make: () => unwrap(createController('ReinforcementController', { max_rounds: 4 })),
  mostJobs: 100,
});
describeControllerContract({
  name: 'RandomController',
  make: () => unwrap(createController('RandomController', { max_rounds: 25 })),
  mostJobs: 25,
});
describeControllerContract({
  name: 'GridController',
  make: () => unwrap(createController('GridController', { levels: 2 })),
  mostJobs: 1000,
  usesSeed: false,
});

const space = contractSpaces;

/** Plays a search with `workers` pending jobs that are judged by a function of the point. */
async function search(
  controller: Controller,
  over: keyof typeof space,
  score: (values: SearchValues) => number,
  seed = 1,
): Promise<{ initial: number; points: SearchValues[]; scores: number[] }> {
  controller.setSearchSpace({ space: space[over]!, seed, numWorkers: 2 });
  const queue: Recommendation[] = [...(await controller.initialRecommendation())];
  const initial = queue.length;
  const points: SearchValues[] = [];
  const scores: number[] = [];
  for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
    points.push(job.values);
    scores.push(score(job.values));
    const outcome = { recommendationId: job.id, status: 'completed', score: scores.at(-1) } as const;
    queue.push(...(await controller.refineRecommendation(outcome)));
  }
  return { initial, points, scores };
}

describe('ReinforcementController', () => {
  const make = (args: Record<string, number>): Controller =>
    unwrap(createController('ReinforcementController', args));

  it('tries every combination of an enum-only space once, all at once, as Clara does', async () => {
    const { initial, points } = await search(make({ max_rounds: 8 }), 'enums only', () => 0);
    expect(initial).toBe(8);
    expect(points.length).toBe(8);
  });

  it("starts a float space at the config's value or the middle, and takes max_rounds jobs", async () => {
    const { points } = await search(make({ max_rounds: 6 }), 'floats only', () => 0);
    expect(points.length).toBe(6);
    expect(points[0]).toEqual({
      'lr.float.$2:learning_rate': 1e-3,
      'transform.float.train.pre_transforms.#8$0:prob': 0.5,
    });
  });

  it('takes max_rounds jobs per combination that has numbers, one for those without, at most max_jobs', async () => {
    expect((await search(make({ max_rounds: 5 }), 'a condition', () => 0)).points.length).toBe(6);
    expect((await search(make({ max_rounds: 5 }), 'everything', () => 0)).points.length).toBe(20);
    expect((await search(make({ max_rounds: 5, max_jobs: 9 }), 'everything', () => 0)).points.length).toBe(9);
  });

  it('begins with every combination, numbers at their defaults', async () => {
    const { points } = await search(make({ max_rounds: 5 }), 'everything', () => 0);
    const first = points.slice(0, 4);
    const combinations = new Set(first.map((values) => JSON.stringify(Object.entries(values).slice(0, 2))));
    expect(combinations.size).toBe(4);
    expect(first.every((values) => values['lr.float.$2:learning_rate'] === 1e-3)).toBe(true);
  });

  it('finds the optimum of a smooth function far better than random points do', async () => {
    const score = (values: SearchValues): number => {
      const rate = Math.log10(values['lr.float.$2:learning_rate']!);
      return (
        -((rate + 3.6) ** 2) - 4 * (values['transform.float.train.pre_transforms.#8$0:prob']! - 0.2) ** 2
      );
    };
    const meanBest = async (name: string, args: Record<string, number>): Promise<number> => {
      let sum = 0;
      for (let seed = 0; seed < 10; seed++) {
        const { scores } = await search(unwrap(createController(name, args)), 'floats only', score, seed);
        sum += Math.max(...scores);
      }
      return sum / 10;
    };
    const learnt = await meanBest('ReinforcementController', { max_rounds: 50 });
    const drawn = await meanBest('RandomController', { max_rounds: 50 });
    // regret against the optimum, 0
    expect(-learnt).toBeLessThan(-drawn / 3);
  });

  it('refuses a budget that nobody can wait for, and names the argument', () => {
    expect(() =>
      make({ max_rounds: 100_000 }).setSearchSpace({ space: space['floats only']!, seed: 0, numWorkers: 1 }),
    ).toThrow(/max_jobs/);
  });
});

describe('GridController', () => {
  it('goes from the middle outwards, every point once', async () => {
    const controller = unwrap(createController('GridController', { levels: 3 }));
    const { points } = await search(controller, 'floats only', () => 0);
    expect(points.length).toBe(9);
    expect(points[0]!['transform.float.train.pre_transforms.#8$0:prob']).toBe(0.5);
    expect(points[0]!['lr.float.$2:learning_rate']).toBeCloseTo(Math.sqrt(1e-5 * 1e-2), 10);
  });

  it('keeps to max_jobs, and refuses a grid without end', async () => {
    const few = unwrap(createController('GridController', { levels: 3, max_jobs: 4 }));
    expect((await search(few, 'everything', () => 0)).points.length).toBe(4);
    const many = unwrap(createController('GridController', { levels: 1000 }));
    expect(() => many.setSearchSpace({ space: space['everything']!, seed: 0, numWorkers: 1 })).toThrow(
      FaultError,
    );
  });
});

describe('createController', () => {
  it('names what there is when a name is unknown', () => {
    const result = createController('toString', {});
    expect(result).toMatchObject({ ok: false, faults: [{ code: 'unknown-component' }] });
    if (!result.ok) for (const name of controllerNames) expect(result.faults[0]!.allowed).toContain(name);
  });

  it.each([
    [{ max_round: 3 }, 'unknown-argument', 'max_round'],
    [{ max_rounds: 0 }, 'wrong-argument', 'max_rounds'],
    [{ max_rounds: '8' }, 'wrong-argument', 'max_rounds'],
  ])('refuses %o', (args, code, argument) => {
    const result = createController('ReinforcementController', args);
    expect(result).toMatchObject({
      ok: false,
      faults: [{ code, argument, component: 'ReinforcementController' }],
    });
  });
});
