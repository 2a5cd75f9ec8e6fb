import type { z } from 'zod';
import type { randomControllerSpec } from '../../../common/components/automl-controllers.ts';
import { makeSeededRandom, type SeededRandom } from '../../../common/random/seeded-random.ts';
import { countCombinations } from '../../../common/search-space/count-combinations.ts';
import { chooseUniformly, drawPoint } from '../../../common/search-space/draw-point.ts';
import type { SearchSpace, SearchValues } from '../../../common/search-space/search-space.ts';
import type { Controller, ControllerSetup, Outcome, Recommendation } from '../controller.ts';
import { drawUntried } from '../draw-untried.ts';
import { RecommendationBook } from '../recommendation-book.ts';
import { requireParameters } from '../require-parameters.ts';

/** Draws points uniformly (on log scales where asked), none twice; a small space may have fewer points than `max_rounds`. */
export class RandomController implements Controller {
  readonly #args: z.output<typeof randomControllerSpec.args>;
  readonly #book = new RecommendationBook();
  #space!: SearchSpace;
  #random!: SeededRandom;
  #batch = 1;
  #budget = 0;

  constructor(args: z.output<typeof randomControllerSpec.args>) {
    this.#args = args;
  }

  setSearchSpace({ space, seed, numWorkers }: ControllerSetup): void {
    requireParameters(space);
    this.#space = space;
    this.#random = makeSeededRandom(seed);
    this.#budget = Math.min(this.#args.max_rounds, countCombinations(space).jobs ?? Number.POSITIVE_INFINITY);
    this.#batch = this.#args.batch ?? Math.max(4, numWorkers);
  }

  initialRecommendation(): readonly Recommendation[] {
    return this.#fill();
  }

  refineRecommendation(outcome: Outcome): readonly Recommendation[] {
    this.#book.settle(outcome);
    return this.#fill();
  }

  plannedJobs(): number {
    return this.#budget;
  }

  shutdown(): void {}

  #fill(): Recommendation[] {
    const added: Recommendation[] = [];
    while (this.#book.count < this.#budget && this.#book.pending.length < this.#batch) {
      const values = this.#drawNew();
      if (values === undefined) break;
      added.push(this.#book.recommend(values));
    }
    return added;
  }

  #drawNew(): SearchValues | undefined {
    return drawUntried(
      this.#space,
      () => drawPoint(this.#space, chooseUniformly(this.#random.uniform)),
      (values) => this.#book.has(values),
    );
  }
}
