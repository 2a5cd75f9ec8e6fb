import type { LrSchedule } from './lr-schedule.ts';

/** A schedule and how far along it a training is. */
export class LrScheduler {
  readonly #schedule: LrSchedule;
  #completed = 0;

  constructor(schedule: LrSchedule) {
    this.#schedule = schedule;
  }

  /** How often it was advanced. */
  get completed(): number {
    return this.#completed;
  }

  get learningRate(): number {
    return this.#schedule(this.#completed);
  }

  /** One epoch (or step) further; the rate from then on. */
  advance(): number {
    this.#completed++;
    return this.learningRate;
  }

  /** Takes over the place of an interrupted training. */
  restore(completed: number): void {
    this.#completed = completed;
  }
}
