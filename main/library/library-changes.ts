import type { CallSignal } from '../../common/rpc/call-signal.ts';
import type { Clock } from '../ports/clock.ts';
import type { KnownMmars } from './known-mmars.ts';

/** Runs and files change without telling the library: cards are read again this often while a window looks at them. */
export const LOOK_AGAIN_MS = 10_000;

/** One item at once, one after each change of the library, and one whenever cards should be read again. */
export async function* watchLibrary(
  known: KnownMmars,
  clock: Clock,
  signal: CallSignal,
): AsyncGenerator<{ revision: number; isListed: boolean }> {
  let wake = (): void => undefined;
  let isDue = true;
  let isListed = true;
  const lookAgain = (): void => {
    isDue = true;
    wake();
  };
  const stopListening = known.onChange(() => {
    isListed = true;
    lookAgain();
  });
  signal.addEventListener('abort', () => wake());
  try {
    for (let revision = 0; !signal.aborted; revision++) {
      if (isDue) {
        const item = { revision, isListed };
        isDue = false;
        isListed = false;
        yield item;
      }
      const callOff = clock.after(LOOK_AGAIN_MS, lookAgain);
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (isDue || signal.aborted) resolve();
      });
      callOff();
    }
  } finally {
    stopListening();
  }
}
