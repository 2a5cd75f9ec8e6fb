import { FaultError } from '../../common/fault.ts';
import type { JournalEvent, JournalEventOf } from '../../common/run/journal-event.ts';
import type { SearchSpace } from '../../common/search-space/search-space.ts';
import type { Controller, ControllerSetup, Outcome, Recommendation } from '../controllers/controller.ts';
import { checkRecommendations } from './check-recommendation.ts';
import { emptyRunState, foldEvent, type EndedJob, type RunState } from './run-state.ts';

/** The cause of the first batch of recommendations. */
export const INITIAL = 'initial';

/** Talks to the controller: checks what it answers, and brings it back to where it was. */
export class ControllerDriver {
  readonly #controller: Controller;
  readonly #name: string;
  #space: SearchSpace = { parameters: [] };

  constructor(controller: Controller, name: string) {
    this.#controller = controller;
    this.#name = name;
  }

  async setSearchSpace(setup: ControllerSetup): Promise<void> {
    this.#space = setup.space;
    await this.#guard('setSearchSpace', () => this.#controller.setSearchSpace(setup));
  }

  /**
   * The controller's answer to `ended`, or its first recommendations, as the event to be journalled.
   *
   * @param state of the run before the answer
   */
  async ask(
    ended: EndedJob | typeof INITIAL,
    state: Pick<RunState, 'nextRecommendationId' | 'lastRound'>,
  ): Promise<JournalEventOf<'recommendations'>> {
    const recommendations = await (ended === INITIAL
      ? this.#guard('initialRecommendation', () => this.#controller.initialRecommendation())
      : this.#guard('refineRecommendation', () => this.#controller.refineRecommendation(ended.outcome)));
    checkRecommendations(this.#space, recommendations, state.nextRecommendationId);
    const jobsPlanned = this.#controller.plannedJobs?.();
    return {
      type: 'recommendations',
      cause: ended === INITIAL ? INITIAL : ended.name,
      recommendations: recommendations.map(({ id, values }) => ({ id, values })),
      ...(recommendations.length === 0 ? {} : { round: state.lastRound + 1 }),
      ...(jobsPlanned === undefined ? {} : { jobsPlanned }),
    };
  }

  stopReason(): string | undefined {
    return this.#controller.stopReason?.();
  }

  /**
   * Makes the calls of a journal again, so that the controller stands where it stood when the journal ends.
   *
   * @throws FaultError `run-changed` when it answers differently
   */
  async replay(events: Iterable<JournalEvent>): Promise<void> {
    let state = emptyRunState;
    for (const event of events) {
      if (event.type === 'recommendations') {
        const ended = state.unanswered.find(({ name }) => name === event.cause);
        const answer = await this.ask(ended ?? INITIAL, state);
        if (!sameRecommendations(answer.recommendations, event.recommendations))
          throw changed(this.#name, ended?.outcome);
      }
      state = foldEvent(state, event);
    }
  }

  async shutdown(): Promise<void> {
    await this.#controller.shutdown();
  }

  async #guard<T>(call: string, action: () => T | Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (error instanceof FaultError) throw error;
      const message = error instanceof Error ? error.message : String(error);
      throw new FaultError({
        code: 'controller',
        component: this.#name,
        message: `The controller failed in ${call}: ${message}`,
      });
    }
  }
}

function sameRecommendations(a: readonly Recommendation[], b: readonly Recommendation[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ id, values }, index) => {
      const other = b[index]!;
      const prls = Object.keys(values);
      return (
        id === other.id &&
        prls.length === Object.keys(other.values).length &&
        prls.every((prl) => values[prl] === other.values[prl])
      );
    })
  );
}

function changed(controller: string, outcome: Outcome | undefined): FaultError {
  const where = outcome === undefined ? 'at the start' : `after recommendation ${outcome.recommendationId}`;
  return new FaultError({
    code: 'run-changed',
    component: controller,
    message: `The controller recommends something else ${where} than it did when the run was made, so the run cannot be gone on with.`,
    allowed: 'the program version and the controller that the run was started with, or a new run',
  });
}
