import { createWriteStream } from 'node:fs';
import type { RunObservation } from '../../common/run/run-observation.ts';
import type { JournalEntry } from '../../common/run/journal-event.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunSettings } from './run-settings.ts';

/** The trace of a run: what happens, and what components have to say, as lines of text. */
export interface TraceWriter {
  trace(issuer: string, message: string, toConsole: boolean): void;
  /** Traces what the engine journals. */
  observe(observation: RunObservation): void;
  close(): Promise<void>;
}

/**
 * Opens the trace.
 *
 * @param file absolute path of the trace file
 * @param show gets the lines that are meant for the console
 */
export function openTrace(
  file: string,
  traceOut: RunSettings['traceOut'],
  clock: Pick<Clock, 'now'>,
  show: (issuer: string, text: string) => void,
): TraceWriter {
  const stream = traceOut === 'console' ? undefined : createWriteStream(file, { flags: 'a' });
  // A full disk shows in the journal, which cannot do without; the trace can.
  stream?.on('error', () => undefined);
  const write = (issuer: string, text: string, toConsole: boolean): void => {
    stream?.write(`${new Date(clock.now()).toISOString()} ${issuer}: ${text}\n`);
    if (toConsole || traceOut !== 'file') show(issuer, text);
  };
  return {
    trace: write,
    observe: (observation) => {
      if (observation.type === 'entry' && observation.entry.event.type !== 'job_progress')
        write('engine', describeEntry(observation.entry), false);
    },
    close: () => new Promise((resolve) => (stream === undefined ? resolve() : stream.end(() => resolve()))),
  };
}

/** `job_ended W1_1_J1 completed 0.87`: an event in a few words. */
function describeEntry({ event }: JournalEntry): string {
  const details = [
    'job' in event ? event.job : undefined,
    'status' in event ? event.status : undefined,
    'score' in event ? event.score : undefined,
    'recommendations' in event ? `${event.recommendations.length} to try` : undefined,
    'round' in event ? `round ${event.round}` : undefined,
    'reason' in event ? event.reason : undefined,
  ];
  return [event.type, ...details.filter((detail) => detail !== undefined)].join(' ');
}
