import { randomInt } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultError } from '../../common/fault.ts';
import type { VolumeFacts } from '../../common/imaging/volume-facts.ts';
import { viewVoxelArray } from '../../common/imaging/voxel-array.ts';
import type {
  PreviewEvent,
  PreviewMessage,
  PreviewRequest,
  StepImageRef,
} from '../../common/preview-protocol.ts';
import { MessageQueue } from '../node/message-queue.ts';
import type { Clock } from '../ports/clock.ts';
import type { LaunchPreview, PreviewProcess } from '../ports/preview-launcher.ts';
import type { Volume } from './make-volume.ts';

interface Run {
  readonly id: number;
  readonly request: PreviewRequest;
  readonly events: MessageQueue<PreviewEvent | Error>;
  isRestarted: boolean;
}

interface Write {
  readonly resolve: (facts: VolumeFacts) => void;
  readonly reject: (error: Error) => void;
}

/** A process that nobody asked anything for so long is ended: it holds images in memory. */
const IDLE_MS = 5 * 60_000;

/**
 * Previews of one MMAR, by one process of the trainer that is started when it is needed, again when it has ended, and ended
 * when it is idle. The newest run is the one that counts.
 */
export class PreviewRunner {
  /** Absolute path of the MMAR. */
  readonly mmarRoot: string;
  readonly #launch: LaunchPreview;
  readonly #clock: Clock;
  #process: PreviewProcess | undefined;
  // Names of runs that a runner before this one has had must not be taken for its own.
  #nextId = randomInt(2 ** 40);
  #run: Run | undefined;
  readonly #writes = new Map<number, Write>();
  #cancelIdle: () => void = () => undefined;

  constructor(mmarRoot: string, launch: LaunchPreview, clock: Clock) {
    this.mmarRoot = mmarRoot;
    this.#launch = launch;
    this.#clock = clock;
  }

  /** Starts a run. Its events end early when another one is started. */
  start(request: PreviewRequest): { readonly run: number; readonly events: AsyncIterable<PreviewEvent> } {
    this.#run?.events.end();
    const run: Run = { id: this.#nextId++, request, events: new MessageQueue(), isRestarted: false };
    this.#run = run;
    this.#send(run);
    return { run: run.id, events: throwErrors(run.events) };
  }

  /** An image after a step of the newest run, by way of a file that only this user can read and that is gone at once. */
  async read(run: number, image: StepImageRef): Promise<Volume> {
    const folder = await mkdtemp(join(tmpdir(), 'outerloop-preview-'));
    try {
      const file = join(folder, 'voxels');
      const facts = await this.#write(run, image, file);
      const bytes = await readFile(file);
      const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
      return { facts, voxels: viewVoxelArray(facts.voxelType, buffer) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  dispose(): void {
    this.#cancelIdle();
    this.#process?.kill();
    this.#process = undefined;
    this.#loseAll(gone());
  }

  #write(run: number, image: StepImageRef, file: string): Promise<VolumeFacts> {
    const process = this.#process;
    if (process === undefined || this.#run?.id !== run) return Promise.reject(gone());
    this.#keepAlive();
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#writes.set(id, { resolve, reject });
      process.post({ type: 'write', id, run, image, file });
    });
  }

  #send(run: Run): void {
    this.#keepAlive();
    const process = (this.#process ??= this.#begin());
    process.post({ type: 'run', run: run.id, request: run.request });
  }

  #begin(): PreviewProcess {
    const process = this.#launch(this.mmarRoot);
    void this.#listen(process);
    return process;
  }

  async #listen(process: PreviewProcess): Promise<void> {
    for await (const message of process.messages) this.#hear(message);
    if (this.#process !== process) return;
    this.#process = undefined;
    this.#loseAll(
      new FaultError({
        code: 'preview',
        message:
          'The process that runs the transforms has ended unexpectedly: there may not be enough memory for this case.',
      }),
    );
  }

  #hear(message: PreviewMessage): void {
    switch (message.type) {
      case 'event':
        if (message.run === this.#run?.id) this.#tell(this.#run, message.event);
        return;
      case 'written':
        return this.#settle(message.id, ({ resolve }) => resolve(message.facts));
      case 'unwritten':
        return this.#settle(message.id, ({ reject }) => reject(new FaultError(...message.faults)));
      case 'outdated':
        return this.#restart(message.run);
      case 'defect':
        return this.#loseAll(new Error(message.message));
    }
  }

  #tell(run: Run, event: PreviewEvent): void {
    run.events.push(event);
    if (event.type === 'done' || event.type === 'failed') run.events.end();
  }

  #settle(id: number, act: (write: Write) => void): void {
    const write = this.#writes.get(id);
    this.#writes.delete(id);
    if (write !== undefined) act(write);
  }

  /** Code once loaded stays in a process, so changed code needs another one. */
  #restart(id: number): void {
    const run = this.#run;
    if (run?.id !== id || run.isRestarted) return;
    run.isRestarted = true;
    this.#process?.kill();
    this.#process = undefined;
    this.#send(run);
  }

  #loseAll(error: Error): void {
    for (const { reject } of this.#writes.values()) reject(error);
    this.#writes.clear();
    this.#run?.events.push(error);
    this.#run?.events.end();
    this.#run = undefined;
  }

  #keepAlive(): void {
    this.#cancelIdle();
    this.#cancelIdle = this.#clock.after(IDLE_MS, () => this.dispose());
  }
}

async function* throwErrors(events: AsyncIterable<PreviewEvent | Error>): AsyncGenerator<PreviewEvent> {
  for await (const event of events) {
    if (event instanceof Error) throw event;
    yield event;
  }
}

const gone = (): FaultError =>
  new FaultError({ code: 'volume-gone', message: 'The preview is not there any more: run it again.' });
