import { Worker } from 'node:worker_threads';
import { FaultError } from '../../common/fault.ts';
import { writePlaces } from '../files/write-places.ts';
import type { DatasetDefinition } from './dataset.ts';
import type { CaseRequest, LoadedBatch } from './load-batch.ts';
import { unpackBatch, type LoaderData, type LoadMessage, type WorkerMessage } from './worker-messages.ts';

interface Waiting {
  readonly resolve: (batch: LoadedBatch) => void;
  readonly reject: (error: unknown) => void;
}

/** One thread and the batches that it has been asked for. */
interface LoaderWorker {
  readonly thread: Worker;
  readonly waiting: Map<number, Waiting>;
}

/** Threads that load batches. They keep the process alive only while a batch is under way. */
export class LoaderWorkers {
  readonly #workers: readonly LoaderWorker[];
  #nextId = 0;
  #isDisposed = false;

  constructor(definition: DatasetDefinition, count: number) {
    this.#workers = Array.from({ length: count }, () => this.#start(definition));
  }

  /**
   * Loads one batch in the thread with the least to do. It is sent there at once, so that threads go on working while this one
   * is busy with a training step.
   */
  load(requests: readonly CaseRequest[]): Promise<LoadedBatch> {
    const worker = this.#workers.reduce((least, other) =>
      other.waiting.size < least.waiting.size ? other : least,
    );
    const id = this.#nextId++;
    const loaded = new Promise<LoadedBatch>((resolve, reject) => {
      if (this.#isDisposed) return reject(new Error('The data loader has been disposed'));
      worker.waiting.set(id, { resolve, reject });
      worker.thread.ref();
      worker.thread.postMessage({ id, requests } satisfies LoadMessage);
    });
    // a batch that was loaded ahead may fail when nobody waits for it any more; who does wait still hears of it
    loaded.catch(() => undefined);
    return loaded;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await Promise.all(this.#workers.map(({ thread }) => thread.terminate()));
  }

  #start(definition: DatasetDefinition): LoaderWorker {
    const workerData: LoaderData = { definition, writePlaces: writePlaces() };
    const thread = new Worker(new URL('./loader-worker.ts', import.meta.url), { workerData, execArgv: [] });
    const worker: LoaderWorker = { thread, waiting: new Map() };
    thread.unref();
    thread.on('message', (message: WorkerMessage) => settle(worker, message));
    thread.on('error', (error) => failAll(worker, error));
    thread.on('exit', () => failAll(worker, new Error('A thread of the data loader has ended')));
    return worker;
  }
}

function settle({ thread, waiting }: LoaderWorker, message: WorkerMessage): void {
  const request = waiting.get(message.id);
  waiting.delete(message.id);
  if (waiting.size === 0) thread.unref();
  if (message.outcome === 'loaded') request?.resolve(unpackBatch(message.result));
  else request?.reject(toError(message));
}

function toError(message: Exclude<WorkerMessage, { outcome: 'loaded' }>): Error {
  if (message.outcome === 'faults') return new FaultError(...message.faults);
  const error = new Error(message.message);
  error.stack = message.stack;
  return error;
}

function failAll({ waiting }: LoaderWorker, error: Error): void {
  for (const { reject } of waiting.values()) reject(error);
  waiting.clear();
}
