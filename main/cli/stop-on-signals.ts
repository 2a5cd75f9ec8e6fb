import type { Output } from './output.ts';

/** Turns Ctrl-C and SIGTERM into one request to stop; a second Ctrl-C ends the process at once. */
export interface SignalStop {
  readonly signal: AbortSignal;
  /** Gives the signals back to the process. */
  dispose(): void;
}

const RUN_STOPS =
  'Stopping: running jobs keep a checkpoint. Once more ends at once; the run can be resumed either way.';

/** Listens until disposed. A run that is stopped this way can be resumed, and one that is killed as well. */
export function stopOnSignals(output: Output, note = RUN_STOPS): SignalStop {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(130);
    output.note(note);
    controller.abort(signal);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    dispose: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
