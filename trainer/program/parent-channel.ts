import { once } from 'node:events';
import type { TrainerMessage } from '../../common/trainer-protocol.ts';

/** The channel to the process that started this one. */
export interface ParentChannel {
  post(message: TrainerMessage): void;
  /** Settles when everything has been handed over, or the other side is gone. */
  flush(): Promise<void>;
}

/** The IPC channel of this process; undefined when it was not started with one. */
export function openParentChannel(process: NodeJS.Process): ParentChannel | undefined {
  if (process.send === undefined) return undefined;
  let last = Promise.resolve();
  return {
    post(message) {
      if (!process.connected) return;
      last = new Promise((resolve) => {
        // A message that does not arrive has no reader any more; the loss of the channel itself ends the training.
        process.send!(message, () => resolve());
      });
    },
    // A message that was under way when the other side went is never acknowledged.
    flush: async () => {
      if (process.connected) await Promise.race([last, once(process, 'disconnect')]);
    },
  };
}
