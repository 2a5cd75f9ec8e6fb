import type { ViewVolume } from './volume/view-volume.ts';
import { initialWindow, type ValueWindow } from './window-level.ts';

/** Which values are shown from black to white: what an image comes with, or what the user has chosen. */
export class WindowChoice {
  readonly #image: () => ViewVolume | undefined;
  #window = $state.raw<ValueWindow>({ centre: 0, width: 1 });
  #isOwn = false;

  constructor(image: () => ViewVolume | undefined) {
    this.#image = image;
  }

  get current(): ValueWindow {
    return this.#window;
  }

  /** Range of the image's values: a drag of the window is measured by it. */
  get valueRange(): number {
    const statistics = this.#image()?.facts.statistics;
    return statistics === undefined
      ? 1
      : statistics.high - statistics.low || statistics.max - statistics.min || 1;
  }

  set(window: ValueWindow): void {
    this.#isOwn = true;
    this.#window = { centre: window.centre, width: Math.max(window.width, this.valueRange * 1e-6) };
  }

  reset(): void {
    this.#isOwn = false;
    const facts = this.#image()?.facts;
    if (facts !== undefined) this.#window = initialWindow(facts);
  }

  /** After another image has come: a window that was chosen stays, if the values have about the same range. */
  follow(old: ViewVolume, image: ViewVolume): void {
    if (!this.#isOwn || !haveSameRange(old, image)) this.reset();
  }
}

/** Whether a window for one image makes sense for the other. */
function haveSameRange({ facts: a }: ViewVolume, { facts: b }: ViewVolume): boolean {
  const [first, second] = [a.statistics, b.statistics].map(({ low, high }) => ({
    low,
    size: high - low || 1,
  }));
  const ratio = second!.size / first!.size;
  return ratio > 0.5 && ratio < 2 && Math.abs(second!.low - first!.low) < first!.size;
}
