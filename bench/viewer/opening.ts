import { utimesSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { writeCt } from './draw-ct.ts';

/** What page/main.ts offers. */
interface Bench {
  readonly bench: { open(path: string): Promise<{ readonly firstMs: number; readonly openMs: number }> };
}

const ROUNDS = 5;
const IDLE_MS = 3000;

/**
 * How long it takes to open a CT of 512 x 512 x 300: from the click until a first picture of the middle slice is drawn, and until
 * all three panes are drawn with the final window and every slice can be scrolled to. By the app's own server and code; each round
 * reads the file anew, which the system has in its cache; the first one of all runs code that has not run before.
 */
export async function benchOpening(page: Page, folder: string): Promise<void> {
  // The program is idle when somebody opens an image: its threads have been started.
  await page.waitForTimeout(IDLE_MS);
  for (const { name, path, bytes } of writeCt(folder)) {
    for (let round = 0; round < ROUNDS; round++) {
      // As if it were another file: nothing is kept of it.
      utimesSync(path, new Date(), new Date(Date.now() + round * 1000));
      const { firstMs, openMs } = await page.evaluate(
        (file) => (globalThis as unknown as Bench).bench.open(file),
        path,
      );
      console.log(
        [
          `open 512 x 512 x 300 ${name} (${(bytes / 1e6).toFixed(0)} MB)`.padEnd(48),
          `first picture ${firstMs.toFixed(0)} ms`,
          `open ${openMs.toFixed(0)} ms`,
        ].join('   '),
      );
    }
  }
}
