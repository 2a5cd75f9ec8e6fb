import type { z } from 'zod';
import type { randomControllerSpec } from '../../../common/components/automl-controllers.ts';
import { makeSeededRandom, type SeededRandom } from '../../../common/random/seeded-random.ts';
import { chooseUniformly, drawPoint } from '../../../common/search-space/draw-point.ts';
import type { SearchSpace, SearchValues } from '../../../common/search-space/search-space.ts';
import type { Controller, ControllerSetup, Outcome, Recommendation } from '../controller.ts';
import { RecommendationBook } from '../recommendation-book.ts';
import { requireParameters } from '../require-parameters.ts';

/** Draws in vain before a space is taken for exhausted. */
const MOST_DRAWS = 1000;

/** Draws points uniformly (on log scales where asked), none twice; ends early when a finite space is exhausted. */
export class RandomController implements Controller {
  readonly #args: z.output<typeof randomControllerSpec.args>;
  readonly #book = new RecommendationBook();
  #space!: SearchSpace;
  #random!: SeededRandom;
  #batch = 1;
  #isExhausted = false;

  constructor(args: z.output<typeof randomControllerSpec.args>) {
    this.#args = args;
  }

  setSearchSpace({ space, seed, numWorkers }: ControllerSetup): void {
    requireParameters(space);
    this.#space = space;
    this.#random = makeSeededRandom(seed);
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
    return this.#isExhausted ? this.#book.count : this.#args.max_rounds;
  }

  shutdown(): void {}

  #fill(): Recommendation[] {
    const added: Recommendation[] = [];
    while (this.#book.count < this.#args.max_rounds && this.#book.pending.length < this.#batch) {
      const values = this.#drawNew();
      if (values === undefined) {
        this.#isExhausted = true;
        break;
      }
      added.push(this.#book.recommend(values));
    }
    return added;
  }

  #drawNew(): SearchValues | undefined {
    for (let draw = 0; draw < MOST_DRAWS; draw++) {
      const values = drawPoint(this.#space, chooseUniformly(this.#random.uniform));
      if (!this.#book.has(values)) return values;
    }
    return undefined;
  }
}
