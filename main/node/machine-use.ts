import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus, freemem, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { GpuUse, MachineUse } from '../../common/api/machine-use.ts';

const run = promisify(execFile);
const MIB = 1024 ** 2;
const GPU_FIELDS = 'index,name,utilization.gpu,memory.used,memory.total,temperature.gpu';

/** Looks at how busy this machine is; the first look measures from the program's start of looking. */
export class MachineMeter {
  #before = readCpuTimes();
  /** Undefined until it was tried; false: there is no driver to ask, and asking costs a process each time. */
  #hasDriver: boolean | undefined;

  async read(now: Date): Promise<MachineUse> {
    const [memory, gpus] = await Promise.all([readMemory(), this.#readGpus()]);
    return { at: now.toISOString(), cores: cpus().length, cpuBusy: this.#readCpu(), ...memory, gpus };
  }

  #readCpu(): number {
    const now = readCpuTimes();
    const total = now.total - this.#before.total;
    const busy = total - (now.idle - this.#before.idle);
    this.#before = now;
    return total <= 0 ? 0 : Math.min(1, Math.max(0, busy / total));
  }

  async #readGpus(): Promise<GpuUse[]> {
    if (this.#hasDriver === false) return [];
    try {
      const { stdout } = await run(
        'nvidia-smi',
        [`--query-gpu=${GPU_FIELDS}`, '--format=csv,noheader,nounits'],
        { timeout: 5000, windowsHide: true },
      );
      this.#hasDriver = true;
      return parseGpuUse(stdout);
    } catch {
      // Once it has answered, one failure is a hiccup.
      this.#hasDriver ??= false;
      return [];
    }
  }
}

/** Lines as `0, NVIDIA A100-SXM4-40GB, 87, 30100, 40960, 61`; `[N/A]` where the driver does not say. */
export function parseGpuUse(csv: string): GpuUse[] {
  return csv
    .split('\n')
    .map((line) => line.split(',').map((field) => field.trim()))
    .filter((fields) => fields.length === 6 && /^\d+$/.test(fields[0]!))
    .map(([id, name, busy, used, total, temperature]) => ({
      id: id!,
      name: name!,
      ...number('busy', busy!, 1 / 100),
      ...number('memoryUsedBytes', used!, MIB),
      ...number('memoryTotalBytes', total!, MIB),
      ...number('temperatureCelsius', temperature!, 1),
    }));
}

function number(key: keyof GpuUse, text: string, factor: number): Partial<GpuUse> {
  return /^\d+(\.\d+)?$/.test(text) ? { [key]: Number(text) * factor } : {};
}

function readCpuTimes(): { readonly total: number; readonly idle: number } {
  const times = cpus().map((cpu) => cpu.times);
  return {
    total: times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0),
    idle: times.reduce((sum, { idle }) => sum + idle, 0),
  };
}

/** On Linux what is cached can be had by programs: MemAvailable says what is left. Source: proc_meminfo(5). */
async function readMemory(): Promise<Pick<MachineUse, 'memoryUsedBytes' | 'memoryTotalBytes'>> {
  const memoryTotalBytes = totalmem();
  const text = process.platform === 'linux' ? await readFile('/proc/meminfo', 'latin1').catch(() => '') : '';
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1];
  const freeBytes = available === undefined ? freemem() : Number(available) * 1024;
  return { memoryTotalBytes, memoryUsedBytes: Math.max(0, memoryTotalBytes - freeBytes) };
}
