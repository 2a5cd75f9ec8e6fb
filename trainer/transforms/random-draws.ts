import { createRandomState, type RandomState } from '../random/random-state.ts';
import { reportDraw } from './report-draw.ts';

const INITIAL_SEED = 0;

/**
 * The random numbers of a dictionary transform that wraps an array transform. MONAI seeds both with the same number, so there
 * are two streams that begin alike: the outer one decides whether the item is changed; the inner one first draws a number that
 * it does not need (its own probability is 1) and then the parameters.
 */
export class RandomDraws {
  #outer = createRandomState(INITIAL_SEED);
  #inner = createRandomState(INITIAL_SEED);

  /** Restarts both streams. */
  restart(seed: number): void {
    this.#outer = createRandomState(seed);
    this.#inner = createRandomState(seed);
  }

  /** True with the given probability. */
  decide(probability: number): boolean {
    const isChanged = this.#outer.random() < probability;
    reportDraw('applied', isChanged);
    return isChanged;
  }

  /** The stream for parameters, its unneeded first number drawn; once per item that is changed. */
  drawParameters(): RandomState {
    this.#inner.random();
    return this.#inner;
  }
}

/** A single stream, for transforms that draw everything from one. */
export class RandomStream {
  #state = createRandomState(INITIAL_SEED);

  restart(seed: number): void {
    this.#state = createRandomState(seed);
  }

  get state(): RandomState {
    return this.#state;
  }
}
