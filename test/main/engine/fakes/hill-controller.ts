import type { SearchSpace } from '../../../../common/search-space/search-space.ts';
import type {
  Controller,
  ControllerSetup,
  Outcome,
  Recommendation,
} from '../../../../main/controllers/controller.ts';

export const hillSpace: SearchSpace = {
  parameters: [
    {
      prl: 'lr.float.$0:learning_rate',
      domain: 'lr',
      type: 'float',
      args: ['learning_rate'],
      conditions: [],
      min: 0,
      max: 1,
      log: false,
    },
    {
      prl: 'net.enum.$1:use_amp',
      domain: 'net',
      type: 'enum',
      args: ['use_amp'],
      conditions: [],
      choices: [[true], [false]],
    },
  ],
};

/** What a test gives a point: best at a learning rate of 0.7 with the second choice. */
export function scoreOf(values: Recommendation['values']): number {
  const [rate, choice] = [values['lr.float.$0:learning_rate']!, values['net.enum.$1:use_amp']!];
  return 1 - (rate - 0.7) ** 2 + (choice === 1 ? 0.1 : 0);
}

/**
 * A controller whose every answer depends on all that came before: a hash of the seed and of the outcomes in their
 * order. So a lost, doubled or swapped outcome changes what it recommends.
 */
export class HillController implements Controller {
  readonly #jobs: number;
  readonly #atStart: number;
  #state = 0;
  #next = 0;

  /** @param jobs in all; `atStart` of them at once, then one per outcome */
  constructor(jobs: number, atStart = 2) {
    this.#jobs = jobs;
    this.#atStart = atStart;
  }

  setSearchSpace({ seed }: ControllerSetup): void {
    this.#state = seed >>> 0;
  }

  initialRecommendation(): readonly Recommendation[] {
    return Array.from({ length: Math.min(this.#atStart, this.#jobs) }, () => this.#draw());
  }

  refineRecommendation(outcome: Outcome): readonly Recommendation[] {
    this.#mix(outcome.recommendationId);
    this.#mix(Math.round((outcome.score ?? -1) * 1e6));
    this.#mix(outcome.status.length);
    return this.#next < this.#jobs ? [this.#draw()] : [];
  }

  plannedJobs(): number {
    return this.#jobs;
  }

  shutdown(): void {}

  #draw(): Recommendation {
    this.#mix(this.#next);
    return {
      id: this.#next++,
      values: {
        'lr.float.$0:learning_rate': this.#state / 2 ** 32,
        'net.enum.$1:use_amp': (this.#state >>> 7) & 1,
      },
    };
  }

  #mix(value: number): void {
    this.#state = (Math.imul(this.#state ^ value, 2654435761) + 0x9e3779b9) >>> 0;
    this.#state = (this.#state ^ (this.#state >>> 15)) >>> 0;
  }
}
