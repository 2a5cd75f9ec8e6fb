import type { EngineEvent, EngineListener } from './engine.ts';

/** Calls listeners one after the other, in the order in which they were added. */
export class EngineEvents {
  readonly #listeners = new Map<EngineEvent, EngineListener[]>();

  on(event: EngineEvent, listener: EngineListener): void {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
  }

  /** Ends when the last listener has; a listener that throws keeps those after it from being called. */
  async fire(event: EngineEvent): Promise<void> {
    for (const listener of this.#listeners.get(event) ?? []) await listener();
  }
}
