import type { Controller, Recommendation } from '../../../main/controllers/controller.ts';
import type { Problem } from '../problems/problem.ts';
import type { Search, Searcher } from './searcher.ts';

/** One of our controllers, driven as the engine drives it. */
export class ControllerSearcher implements Searcher {
  readonly name: string;
  readonly #make: (jobs: number, workers: number) => Controller;

  constructor(name: string, make: (jobs: number, workers: number) => Controller) {
    this.name = name;
    this.#make = make;
  }

  async start({ space }: Problem, seed: number, workers: number, jobs: number): Promise<Search> {
    const controller = this.#make(jobs, workers);
    await controller.setSearchSpace({ space, seed, numWorkers: workers });
    const queue: Recommendation[] = [...(await controller.initialRecommendation())];
    return {
      ask: async () => queue.shift(),
      async tell(recommendationId, loss) {
        queue.push(
          ...(await controller.refineRecommendation({ recommendationId, status: 'completed', score: -loss })),
        );
      },
    };
  }

  async close(): Promise<void> {}
}
