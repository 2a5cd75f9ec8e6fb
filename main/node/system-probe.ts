import { execFile } from 'node:child_process';
import { cpus, freemem, totalmem } from 'node:os';
import { statfs } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { SystemFigure, SystemProbe } from '../ports/system-probe.ts';
import { readNetworkBytes, type NetworkBytes } from './network-meter.ts';

const run = promisify(execFile);
/** MLflow's megabytes. */
const MEGABYTE = 1_000_000;
const MEBIBYTE = 1024 ** 2;
const GPU_FIELDS = ['index', 'utilization.gpu', 'memory.used', 'memory.total', 'power.draw', 'power.limit'];

/**
 * This machine: CPU since the last measurement, memory, the disk of a folder, what the network took and gave since the probe
 * was opened, and NVIDIA's GPUs where their driver lists them. Names and units are those of MLflow's system metrics.
 *
 * @param folder whose disk is measured
 */
export function openSystemProbe(folder: string): SystemProbe {
  let before = readCpuTimes();
  let hasGpus = true;
  const networkBefore = readNetworkBytes();
  return {
    async measure() {
      const now = readCpuTimes();
      const busy = share(now.busy - before.busy, now.total - before.total);
      before = now;
      const gpus = hasGpus ? await measureGpus() : [];
      hasGpus &&= gpus.length > 0;
      return [
        figure('cpu_utilization_percentage', busy),
        ...measureMemory(),
        ...(await measureDisk(folder)),
        ...measureNetwork(await networkBefore, await readNetworkBytes()),
        ...gpus,
      ];
    },
  };
}

/** Lines as `0, 87, 10240, 81920, 312.50, 700.00`; what a GPU does not know is `[N/A]`. */
export function parseGpuUsage(csv: string): readonly SystemFigure[] {
  return csv.split('\n').flatMap((line) => {
    const [index, ...cells] = line.split(',').map((cell) => cell.trim());
    if (index === undefined || !/^\d+$/.test(index)) return [];
    const [busy = NaN, used = NaN, total = NaN, watts = NaN, limit = NaN] = cells.map(Number);
    const figures = {
      utilization_percentage: busy,
      memory_usage_megabytes: (used * MEBIBYTE) / MEGABYTE,
      memory_usage_percentage: share(used, total),
      power_usage_watts: watts,
      power_usage_percentage: share(watts, limit),
    };
    return Object.entries(figures)
      .filter(([, value]) => Number.isFinite(value))
      .map(([name, value]) => ({ ...figure(`gpu_${index}_${name}`, value), gpu: index }));
  });
}

async function measureGpus(): Promise<readonly SystemFigure[]> {
  try {
    const query = [`--query-gpu=${GPU_FIELDS.join(',')}`, '--format=csv,noheader,nounits'];
    return parseGpuUsage((await run('nvidia-smi', query, { timeout: 5000, windowsHide: true })).stdout);
  } catch {
    return [];
  }
}

function measureMemory(): readonly SystemFigure[] {
  const used = totalmem() - freemem();
  return [
    figure('system_memory_usage_megabytes', used / MEGABYTE),
    figure('system_memory_usage_percentage', share(used, totalmem())),
  ];
}

async function measureDisk(folder: string): Promise<readonly SystemFigure[]> {
  try {
    const { blocks, bfree, bavail, bsize } = await statfs(folder);
    return [
      figure('disk_usage_percentage', share(blocks - bfree, blocks)),
      figure('disk_usage_megabytes', ((blocks - bfree) * bsize) / MEGABYTE),
      figure('disk_available_megabytes', (bavail * bsize) / MEGABYTE),
    ];
  } catch {
    return [];
  }
}

/** MLflow counts from the beginning of a run, and does not round. An interface that is gone takes its bytes with it. */
function measureNetwork(
  before: NetworkBytes | undefined,
  now: NetworkBytes | undefined,
): readonly SystemFigure[] {
  if (before === undefined || now === undefined) return [];
  const passed = (key: keyof NetworkBytes): number => Math.max(0, now[key] - before[key]) / MEGABYTE;
  return [
    { name: 'system/network_receive_megabytes', value: passed('received'), isCount: true },
    { name: 'system/network_transmit_megabytes', value: passed('sent'), isCount: true },
  ];
}

function readCpuTimes(): { readonly busy: number; readonly total: number } {
  const times = cpus().map((cpu) => cpu.times);
  const total = times.reduce(
    (sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq,
    0,
  );
  return { busy: total - times.reduce((sum, { idle }) => sum + idle, 0), total };
}

/** A percentage; 0 of nothing. */
function share(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}

function figure(name: string, value: number): SystemFigure {
  return { name: `system/${name}`, value: Math.round(value * 10) / 10 };
}
