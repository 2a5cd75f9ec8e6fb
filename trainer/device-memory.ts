import { execFileSync } from 'node:child_process';
import { freemem, totalmem } from 'node:os';
import type { Provider } from './execution-provider.ts';

/** Memory that a training can have, in bytes. */
export interface DeviceMemory {
  /** `the machine` or `the GPU`, for messages. */
  readonly owner: string;
  readonly totalBytes: number;
  /** What nobody uses now; undefined where that is not known. */
  readonly freeBytes?: number;
}

/**
 * The memory that a provider computes in: the machine's, or what a container leaves this process of it; of a CUDA device what
 * nvidia-smi says. Undefined where it cannot be found out.
 */
export function readMemory({ name, gpu = 0 }: Provider): DeviceMemory | undefined {
  if (name === 'cpu') return readMachineMemory();
  return name === 'cuda' ? readGpuMemory(gpu) : undefined;
}

function readMachineMemory(): DeviceMemory {
  const limit = process.constrainedMemory();
  const totalBytes = limit > 0 && limit < totalmem() ? limit : totalmem();
  return {
    owner: 'the machine',
    totalBytes,
    freeBytes: Math.min(process.availableMemory() || freemem(), totalBytes),
  };
}

function readGpuMemory(gpu: number): DeviceMemory | undefined {
  const visible = process.env.CUDA_VISIBLE_DEVICES?.split(',')[gpu] ?? String(gpu);
  try {
    const fields = ['--query-gpu=memory.total,memory.free', '--format=csv,noheader,nounits'];
    const answer = execFileSync('nvidia-smi', ['-i', visible.trim(), ...fields], {
      encoding: 'utf8',
      timeout: 5000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [totalMib, freeMib] = answer.split(',').map(Number);
    if (!(totalMib > 0 && freeMib >= 0)) return undefined;
    return { owner: 'the GPU', totalBytes: totalMib * 2 ** 20, freeBytes: freeMib * 2 ** 20 };
  } catch {
    return undefined;
  }
}
