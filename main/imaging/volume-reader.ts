import { Worker } from 'node:worker_threads';
import { FaultError } from '../../common/fault.ts';
import type { Volume } from './make-volume.ts';
import type { VolumeSource } from './read-volume.ts';
import type { ReadAnswer, ReadRequest } from './reader-thread.ts';

interface Waiting {
  readonly source: VolumeSource;
  readonly resolve: (volume: Volume) => void;
  readonly reject: (error: unknown) => void;
}

/** Reads volumes without holding up whoever asks. */
export interface VolumeReader {
  read(source: VolumeSource): Promise<Volume>;
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

  read(source: VolumeSource): Promise<Volume> {
    const thread = (this.#thread ??= this.#start());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { source, resolve, reject });
      thread.postMessage({ id, source } satisfies ReadRequest);
    });
  }

  async dispose(): Promise<void> {
    await this.#thread?.terminate();
  }

  #start(): Worker {
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
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (waiting === undefined) return;
    if (answer.outcome === 'read') waiting.resolve({ facts: answer.facts, voxels: answer.voxels });
    else if (answer.outcome === 'faults') waiting.reject(new FaultError(...answer.faults));
    else waiting.reject(Object.assign(new Error(answer.message), { stack: answer.stack }));
  }

  /** A thread that is lost (out of memory, a fault in native code) takes its readings along; the next one gets a new thread. */
  #fail(thread: Worker, error: Error): void {
    if (this.#thread !== thread) return;
    this.#thread = undefined;
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    const isMemory = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
    for (const { source, reject } of lost) {
      reject(
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
