import { Worker } from 'node:worker_threads';
import { FaultError } from '../../common/fault.ts';
import type { Volume } from './make-volume.ts';
import type { VolumeSource } from './volume-source.ts';
import type { ReadAnswer, ReadRequest } from './reader-thread.ts';
import { TrackedReading, type VolumeReading } from './volume-reading.ts';

interface Waiting {
  readonly source: VolumeSource;
  readonly reading: TrackedReading;
}

/** Reads volumes without holding up whoever asks. */
export interface VolumeReader {
  /** Voxels can be taken while they come. */
  start(source: VolumeSource): VolumeReading;
  read(source: VolumeSource): Promise<Volume>;
  /** Starts the thread before it is needed: that takes longer than to read a small image. */
  warm(): void;
  dispose(): Promise<void>;
}

/** A reader with a thread of its own, started when it is first needed. Images are read one at a time, which bounds memory. */
export function createVolumeReader(): VolumeReader {
  return new ThreadReader();
}

class ThreadReader implements VolumeReader {
  #thread: Worker | undefined;
  #nextId = 0;
  readonly #waiting = new Map<number, Waiting>();

  start(source: VolumeSource): VolumeReading {
    const thread = (this.#thread ??= this.#launch());
    const id = this.#nextId++;
    const reading = new TrackedReading();
    this.#waiting.set(id, { source, reading });
    thread.postMessage({ id, source } satisfies ReadRequest);
    return reading;
  }

  warm(): void {
    this.#thread ??= this.#launch();
  }

  read(source: VolumeSource): Promise<Volume> {
    return this.start(source).volume;
  }

  async dispose(): Promise<void> {
    await this.#thread?.terminate();
  }

  #launch(): Worker {
    const thread = new Worker(new URL('./reader-thread.ts', import.meta.url), {
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    // Decoders talk to the console of what their faults say anyway.
    thread.stdout.resume();
    thread.stderr.resume();
    thread.unref();
    thread.on('message', (answer: ReadAnswer) => this.#settle(answer));
    thread.on('error', (error) => this.#fail(thread, error));
    thread.on('exit', () => this.#fail(thread, new Error('The thread that reads images has ended')));
    return thread;
  }

  #settle(answer: ReadAnswer): void {
    const reading = this.#waiting.get(answer.id)?.reading;
    if (reading === undefined) return;
    if (answer.outcome === 'begun') return reading.begin(answer);
    if (answer.outcome === 'came') return reading.advance(answer.readyBytes);
    this.#waiting.delete(answer.id);
    if (answer.outcome === 'read') reading.finish({ facts: answer.facts, voxels: answer.voxels });
    else if (answer.outcome === 'faults') reading.fail(new FaultError(...answer.faults));
    else reading.fail(Object.assign(new Error(answer.message), { stack: answer.stack }));
  }

  /** A thread that is lost (out of memory, a fault in native code) takes its readings along; the next one gets a new thread. */
  #fail(thread: Worker, error: Error): void {
    if (this.#thread !== thread) return;
    this.#thread = undefined;
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    const isMemory = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
    for (const { source, reading } of lost) {
      reading.fail(
        isMemory
          ? new FaultError({
              code: 'image-unreadable',
              file: source.name,
              message: 'There is not enough memory for this image.',
            })
          : error,
      );
    }
  }
}
