import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import type { Device, DeviceProbe } from '../ports/devices.ts';

const run = promisify(execFile);

/** The GPUs that NVIDIA's driver lists. A machine without its `nvidia-smi` counts as one without GPUs. */
export const deviceProbe: DeviceProbe = {
  async listGpus() {
    try {
      const { stdout } = await run(
        'nvidia-smi',
        ['--query-gpu=index,name,memory.total', '--format=csv,noheader,nounits'],
        { timeout: 20_000, windowsHide: true },
      );
      return parseGpuList(stdout);
    } catch {
      return [];
    }
  },
  countCores: () => availableParallelism(),
};

/** Lines as `0, NVIDIA A100-SXM4-40GB, 40960`. */
export function parseGpuList(csv: string): readonly Device[] {
  return csv
    .split('\n')
    .map((line) => /^\s*(\d+)\s*,\s*(.*?)\s*,\s*(\d+|\[.*\])\s*$/.exec(line))
    .filter((match) => match !== null)
    .map(([, id, name, memory]) => ({
      id: id!,
      name: name!,
      ...(/^\d+$/.test(memory!) ? { memoryMib: Number(memory) } : {}),
    }));
}
