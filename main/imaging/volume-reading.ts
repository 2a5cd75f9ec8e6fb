import type { VolumeOutline } from '../../common/imaging/volume-facts.ts';
import type { VoxelArray } from '../../common/imaging/voxel-array.ts';
import type { Volume } from './make-volume.ts';

/** What is known of a volume before its voxels are there, and where they will be. */
export interface VolumeStart {
  readonly outline: VolumeOutline;
  /** Filled from its beginning. */
  readonly voxels: VoxelArray;
}

/** A volume that is being read, or has been. */
export interface VolumeReading {
  readonly start: Promise<VolumeStart>;
  /** All of it. */
  readonly volume: Promise<Volume>;
  /** The bytes of the voxels in order, as they come; throws what ended the reading. Can be asked for often. */
  pieces(): AsyncGenerator<Uint8Array, void>;
}

/** So much at a time is handed on. */
const MOST_PIECE_BYTES = 2 ** 20;

/** A reading that is told of its volume step by step. */
export class TrackedReading implements VolumeReading {
  readonly #start = Promise.withResolvers<VolumeStart>();
  readonly #volume = Promise.withResolvers<Volume>();
  #came = Promise.withResolvers<void>();
  #voxels: VoxelArray | undefined;
  #readyBytes = 0;

  constructor() {
    // Nobody may be waiting for one or the other.
    this.start.catch(() => undefined);
    this.volume.catch(() => undefined);
  }

  get start(): Promise<VolumeStart> {
    return this.#start.promise;
  }

  get volume(): Promise<Volume> {
    return this.#volume.promise;
  }

  /** The reading has begun. */
  begin(start: VolumeStart): void {
    this.#voxels = start.voxels;
    this.#start.resolve(start);
  }

  /** So many bytes of the voxels, from the first, are there. */
  advance(readyBytes: number): void {
    this.#readyBytes = readyBytes;
    this.#wake();
  }

  finish(volume: Volume): void {
    this.begin({ outline: volume.facts, voxels: volume.voxels });
    this.#volume.resolve(volume);
    this.advance(volume.voxels.byteLength);
  }

  fail(error: unknown): void {
    this.#start.reject(error);
    this.#volume.reject(error);
    this.#wake();
  }

  async *pieces(): AsyncGenerator<Uint8Array, void> {
    await this.start;
    const { buffer, byteOffset, byteLength } = this.#voxels!;
    let at = 0;
    while (at < byteLength) {
      const came = this.#came.promise;
      if (at === this.#readyBytes) await Promise.race([came, this.volume]);
      const end = Math.min(this.#readyBytes, at + MOST_PIECE_BYTES);
      if (end > at) yield new Uint8Array(buffer, byteOffset + at, end - at);
      at = end;
    }
  }

  #wake(): void {
    this.#came.resolve();
    this.#came = Promise.withResolvers();
  }
}

/** The reading of a volume that comes whole. */
export function readWhole(read: Promise<Volume>): VolumeReading {
  const reading = new TrackedReading();
  read.then(
    (volume) => reading.finish(volume),
    (error: unknown) => reading.fail(error),
  );
  return reading;
}
