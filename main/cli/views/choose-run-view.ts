import type { Output } from '../output.ts';
import { LiveRunView } from './live-run-view.ts';
import { PlainRunView } from './plain-run-view.ts';
import type { RunView } from './run-view.ts';

/** One line of JSON per event for programs, live lines where a person watches a terminal, plain lines else. */
export function chooseRunView(output: Output, wantsJson: boolean): RunView {
  if (wantsJson)
    return { observe: (observation) => output.line(JSON.stringify(observation)), close: () => {} };
  return output.isTerminal ? new LiveRunView(output) : new PlainRunView(output);
}
