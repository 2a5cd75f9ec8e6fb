import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { asFileFault } from '../../common/file-fault.ts';
import { checkWritePlace } from '../files/write-places.ts';
import { encodeEvent, type EventContent } from './event.ts';
import { frameRecord } from './record.ts';

export interface EventWriterOptions {
  /** Absolute path of the folder; made when it is missing. */
  readonly folder: string;
  /** What a fault calls the folder. */
  readonly describedAs: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Appends events to a new file of its own, each at once, so that TensorBoard shows a training while it runs. */
export class EventWriter {
  readonly #options: EventWriterOptions;
  readonly #file: number;

  /** @throws FaultError when the folder cannot be written */
  constructor(options: EventWriterOptions) {
    this.#options = options;
    checkWritePlace(options.folder);
    this.#file = this.#attempt(() => {
      mkdirSync(options.folder, { recursive: true });
      return openNewFile(options.folder, Math.floor(options.now() / 1000));
    });
    this.#write(0, { kind: 'version' });
  }

  /** Continues an interrupted training: what it wrote from this step on is forgotten. */
  restart(step: number): void {
    this.#write(step, { kind: 'restart' });
  }

  scalar(tag: string, value: number, step: number): void {
    this.#write(step, { kind: 'scalar', tag, value });
  }

  text(tag: string, text: string, step: number): void {
    this.#write(step, { kind: 'text', tag, text });
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(step: number, content: EventContent): void {
    const event = encodeEvent({ wallTimeSeconds: this.#options.now() / 1000, step, content });
    this.#attempt(() => writeSync(this.#file, frameRecord(event)));
  }

  #attempt<T>(operation: () => T): T {
    try {
      return operation();
    } catch (error) {
      throw asFileFault(error, this.#options.describedAs);
    }
  }
}

/** TensorBoard reads the files of a folder in the order of their names: the start time, then a running number. */
function openNewFile(folder: string, startSeconds: number): number {
  for (let number = 0; ; number++) {
    const name = `events.out.tfevents.${String(startSeconds).padStart(10, '0')}.outerloop.${number}`;
    try {
      return openSync(join(folder, name), 'ax');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
