import type { Log } from '../engines/engine.ts';
import type { Provider } from '../execution-provider.ts';
import type { MmarFiles } from '../files/mmar-files.ts';
import type { EventWriter } from '../tensorboard/event-writer.ts';
import type { UserClasses } from '../user-code/user-classes.ts';
import type { DataParts } from './data-parts.ts';
import type { Slots } from './slots.ts';

/** What everything in a training is built with. */
export interface BuildContext {
  readonly slots: Slots;
  readonly files: MmarFiles;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Chooses weights, dropout, shuffling and augmentation: an integer in [0, 2^32). */
  readonly seed: number;
  /** Threads within an operator. */
  readonly threads: number;
  readonly provider?: Provider;
  readonly data: DataParts;
  readonly userClasses: UserClasses;
  /** Folder of the models and event files (`MMAR_CKPT_DIR`). */
  readonly modelFolder: string;
  readonly openEventWriter: (folder: string) => EventWriter;
}
