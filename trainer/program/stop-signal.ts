import type { EventEmitter } from 'node:events';
import { trainerCommand } from '../../common/trainer-protocol.ts';
import { TrainingAborted } from '../engines/training-end.ts';

export interface StopSignal {
  readonly signal: AbortSignal;
  /** Stops listening. */
  close(): void;
}

/**
 * A signal that fires on Ctrl-C, on a polite kill, on the command `abort`, and when the process that started this one is
 * gone. A second Ctrl-C ends the process at once.
 */
export function listenForStop(events: Pick<EventEmitter, 'on' | 'off'>, exitNow: () => void): StopSignal {
  const controller = new AbortController();
  const stop = (reason: string): void => controller.abort(new TrainingAborted(reason));
  const listeners: readonly (readonly [string, (...args: unknown[]) => void])[] = [
    ['SIGINT', () => (controller.signal.aborted ? exitNow() : stop('interrupted'))],
    ['SIGTERM', () => stop('terminated')],
    ['disconnect', () => stop('the program that started the training is gone')],
    [
      'message',
      (message: unknown) => {
        const command = trainerCommand.safeParse(message);
        if (command.success) stop(command.data.reason);
      },
    ],
  ];
  for (const [event, listener] of listeners) events.on(event, listener);
  return {
    signal: controller.signal,
    close: () => {
      for (const [event, listener] of listeners) events.off(event, listener);
    },
  };
}
