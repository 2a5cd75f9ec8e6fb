import { describe, expect, it } from 'vitest';
import { FaultError } from '../../common/fault.ts';
import { makeSeededRandom } from '../../common/random/seeded-random.ts';
import { pointKey } from '../../common/search-space/draw-point.ts';
import { isActive, type SearchSpace, type SearchValues } from '../../common/search-space/search-space.ts';
import type { Controller, Outcome, Recommendation } from '../../main/controllers/controller.ts';
import { contractSpaces } from './controller-spaces.ts';

/** What a controller is judged by. */
export interface ControllerContract {
  readonly name: string;
  /** A fresh controller; called anew for every test. */
  readonly make: () => Controller | Promise<Controller>;
  /** Jobs that it will never go beyond on any of the contract's spaces. */
  readonly mostJobs: number;
  /** False for one that tries the same points whatever the seed, such as a grid. Default true. */
  readonly usesSeed?: boolean;
}

interface Played {
  readonly recommendations: readonly Recommendation[];
  readonly controller: Controller;
}

type Judge = (recommendation: Recommendation) => Omit<Outcome, 'recommendationId'>;

/** A score that depends on the point alone. */
const judgeByValues: Judge = ({ values }) => {
  const sum = Object.values(values).reduce((total, value) => total + Math.sin(3 * value + 1), 0);
  return { status: 'completed', score: sum };
};

/** Plays a search to its end; jobs end in the order that `order` picks among the running ones. */
async function play(
  contract: ControllerContract,
  space: SearchSpace,
  { seed = 7, workers = 2, judge = judgeByValues, pick = (): number => 0 } = {},
): Promise<Played> {
  const controller = await contract.make();
  await controller.setSearchSpace({ space, seed, numWorkers: workers });
  const recommendations: Recommendation[] = [...(await controller.initialRecommendation())];
  const running = [...recommendations];
  while (running.length > 0) {
    if (recommendations.length > contract.mostJobs) throw new Error(`more than ${contract.mostJobs} jobs`);
    const [ended] = running.splice(Math.min(pick(), workers - 1, running.length - 1), 1);
    const outcome = { recommendationId: ended!.id, ...judge(ended!) };
    const more = await controller.refineRecommendation(outcome);
    recommendations.push(...more);
    running.push(...more);
  }
  return { recommendations, controller };
}

const pointsOf = ({ recommendations }: Played): SearchValues[] => recommendations.map(({ values }) => values);

function expectInside(space: SearchSpace, values: SearchValues): void {
  const active = space.parameters.filter((parameter) => isActive(parameter, values));
  expect(Object.keys(values).sort()).toEqual(active.map(({ prl }) => prl).sort());
  for (const parameter of active) {
    const value = values[parameter.prl]!;
    if ('choices' in parameter) expect(parameter.choices[value], parameter.prl).toBeDefined();
    else {
      expect(value).toBeGreaterThanOrEqual(parameter.min);
      expect(value).toBeLessThanOrEqual(parameter.max);
      if (parameter.type === 'int') expect((value - parameter.min) % parameter.step).toBe(0);
    }
  }
}

/**
 * The obligations of main/controllers/controller.ts as tests. Every built-in controller runs them; so can any controller of
 * your own: `describeControllerContract({ name: 'Mine', make: () => new Mine(), mostJobs: 100 })`.
 */
export function describeControllerContract(contract: ControllerContract): void {
  describe(`${contract.name} keeps the contract of controllers`, () => {
    for (const [name, space] of Object.entries(contractSpaces)) {
      it(`on a space with ${name}: points of the space, ids that count up, an end`, async () => {
        const { recommendations } = await play(contract, space);
        expect(recommendations.length).toBeGreaterThan(0);
        expect(recommendations.map(({ id }) => id)).toEqual(recommendations.map((_, index) => index));
        for (const { values } of recommendations) expectInside(space, values);
        const keys = new Set(recommendations.map(({ values }) => pointKey(values)));
        expect(keys.size).toBe(recommendations.length);
      });

      it(`on a space with ${name}: the same seed and outcomes give the same points, as after a restart`, async () => {
        const order = makeSeededRandom(1);
        const picks = Array.from({ length: 500 }, () => order.integer(2));
        const replay = (): (() => number) => {
          let next = 0;
          return () => picks[next++]!;
        };
        const first = await play(contract, space, { pick: replay() });
        const second = await play(contract, space, { pick: replay() });
        expect(pointsOf(second)).toEqual(pointsOf(first));
      });
    }

    it('gives the same points with 1, 2 and 4 workers when jobs end in the same order', async () => {
      const points = await Promise.all(
        [1, 2, 4].map(async (workers) =>
          pointsOf(await play(contract, contractSpaces['everything']!, { workers })),
        ),
      );
      expect(points[1]).toEqual(points[0]);
      expect(points[2]).toEqual(points[0]);
    });

    if (contract.usesSeed !== false) {
      it('gives other points for another seed', async () => {
        const space = contractSpaces['everything']!;
        const first = await play(contract, space, { seed: 1 });
        const second = await play(contract, space, { seed: 2 });
        expect(pointsOf(second)).not.toEqual(pointsOf(first));
      });
    }

    const bad: Record<string, Judge> = {
      'every job fails': () => ({ status: 'failed', score: undefined }),
      'no job has a score': () => ({ status: 'completed', score: undefined }),
      'scores are not finite': () => ({ status: 'completed', score: Number.NaN }),
      'jobs end in every way': ({ id, values }) => {
        const status = (['completed', 'failed', 'aborted', 'timeout', 'diverged'] as const)[id % 5]!;
        return { status, score: status === 'completed' ? Object.keys(values).length : undefined };
      },
    };
    for (const [name, judge] of Object.entries(bad)) {
      it(`goes on when ${name}`, async () => {
        const space = contractSpaces['everything']!;
        const { recommendations } = await play(contract, space, { judge });
        const undisturbed = await play(contract, space);
        expect(recommendations.length).toBe(undisturbed.recommendations.length);
        for (const { values } of recommendations) expectInside(space, values);
      });
    }

    it('says how many jobs it plans, where it says so, and keeps to it', async () => {
      for (const space of Object.values(contractSpaces)) {
        const { recommendations, controller } = await play(contract, space);
        const planned = controller.plannedJobs?.();
        if (planned !== undefined) expect(planned).toBe(recommendations.length);
      }
    });

    it('refuses a space without parameters by a fault', async () => {
      const controller = await contract.make();
      const refused = async (): Promise<void> =>
        controller.setSearchSpace({ space: { parameters: [] }, seed: 1, numWorkers: 1 });
      await expect(refused()).rejects.toThrow(FaultError);
    });
  });
}
