import { parentPort } from 'node:worker_threads';
import { FaultError, type Fault } from '../../common/fault.ts';
import type { VolumeFacts } from '../../common/imaging/volume-facts.ts';
import type { VoxelArray } from '../../common/imaging/voxel-array.ts';
import { readVolume } from './read-volume.ts';
import type { VolumeSource } from './volume-source.ts';
import type { VolumeStart } from './volume-reading.ts';

/** To the thread: a volume to read. */
export interface ReadRequest {
  readonly id: number;
  readonly source: VolumeSource;
}

/** From the thread; the last one of a request is `read`, `faults` or `error`. */
export type ReadAnswer =
  | ({ readonly id: number; readonly outcome: 'begun' } & VolumeStart)
  | { readonly id: number; readonly outcome: 'came'; readonly readyBytes: number }
  | {
      readonly id: number;
      readonly outcome: 'read';
      readonly facts: VolumeFacts;
      readonly voxels: VoxelArray;
    }
  | { readonly id: number; readonly outcome: 'faults'; readonly faults: readonly Fault[] }
  | { readonly id: number; readonly outcome: 'error'; readonly message: string; readonly stack: string };

/** The program of the thread that reads images, one after the other. */
const port = parentPort!;
let last: Promise<void> = Promise.resolve();

port.on('message', (request: ReadRequest) => {
  last = last.then(() => answer(request));
});

async function answer({ id, source }: ReadRequest): Promise<void> {
  try {
    const { facts, voxels } = await readVolume(source, {
      begin: (start) => port.postMessage({ id, outcome: 'begun', ...start } satisfies ReadAnswer),
      advance: (readyBytes) => port.postMessage({ id, outcome: 'came', readyBytes } satisfies ReadAnswer),
    });
    const transfers = voxels.buffer instanceof ArrayBuffer ? [voxels.buffer] : [];
    port.postMessage({ id, outcome: 'read', facts, voxels } satisfies ReadAnswer, transfers);
  } catch (error) {
    port.postMessage(describeError(id, error));
  }
}

function describeError(id: number, error: unknown): ReadAnswer {
  if (error instanceof FaultError) return { id, outcome: 'faults', faults: error.faults };
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { id, outcome: 'error', message, stack: stack ?? '' };
}
