import { writeSync } from 'node:fs';
import { makePrintable } from '../../common/text/printable.ts';
import type { TrainerMessage } from '../../common/trainer-protocol.ts';
import type { Log } from '../engines/engine.ts';
import type { LogFormat, LogLevel } from './log-format.ts';

/** Where a training tells of itself: messages for programs, lines for people. */
export interface Reporter extends Log {
  error(text: string): void;
  send(message: TrainerMessage): void;
}

/** Log lines; one JSON message per line; or both, for a program that reads what people see as well. */
export type Progress = 'text' | 'json' | 'both';

export interface ReporterOptions {
  readonly progress: Progress;
  readonly format: LogFormat;
  /** The channel to the process that started this one; undefined without one. */
  readonly post?: (message: TrainerMessage) => void;
  /** Writes to the standard output. */
  readonly write: (text: string) => void;
  readonly now: () => Date;
}

/**
 * Lines go to the standard output as text, or as messages with `progress` json. Messages go there with json and both, and
 * through the channel where there is one, lines included.
 */
export function createReporter({ progress, format, post, write, now }: ReporterOptions): Reporter {
  const send = (message: TrainerMessage): void => {
    post?.(message);
    const isShownAsText = progress === 'both' && message.type === 'log';
    if (progress !== 'text' && !isShownAsText) write(`${JSON.stringify(message)}\n`);
  };
  const log = (level: LogLevel, text: string): void => {
    if (!format.isShown(level)) return;
    if (progress !== 'json')
      write(`${makePrintable(format.format({ time: now(), level, name: 'trainer', text }))}\n`);
    send({ type: 'log', level, text });
  };
  return {
    send,
    info: (text) => log('info', text),
    warning: (text) => log('warning', text),
    error: (text) => log('error', text),
  };
}

/** Writes all of the text before it returns, also to a pipe that is full. */
export function writeToStandardOutput(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      // Nobody reads any more: the training is worth more than its log.
      else if (code === 'EPIPE') return;
      else throw error;
    }
  }
}
