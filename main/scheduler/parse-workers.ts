import { fail, succeed, type Fault, type Result } from '../../common/fault.ts';
import type { Device } from '../ports/devices.ts';

/** A worker and the GPUs that it owns; none: it trains on the CPU. */
export interface WorkerConfig {
  /** W1, W2, ... */
  readonly name: string;
  readonly devices: readonly string[];
}

const FORM =
  'workers separated by ":", the GPUs of a worker by ","; cpu for the CPU. For example 0:1, 0,1:2,3 or cpu:cpu';

/**
 * `workers=0:0:1,2`: three workers, the first two share GPU 0, the third has GPUs 1 and 2. `cpu` is a worker without a
 * GPU. Every GPU has to be on this machine. On a machine without GPUs, `0` means the CPU as well, so that a command
 * line that is written for one GPU works everywhere; any other id is refused.
 *
 * @throws never; faults are `workers` for the form, `unknown-device` for a GPU that is not there
 */
export function parseWorkers(text: string, gpus: readonly Device[]): Result<readonly WorkerConfig[]> {
  const faults: Fault[] = [];
  const workers = text.split(':').map((part, index): WorkerConfig => {
    const name = `W${index + 1}`;
    const devices = part.split(',').map((id) => id.trim());
    faults.push(...checkForm(name, devices));
    return { name, devices: devices.includes('cpu') ? [] : devices };
  });
  if (faults.length > 0) return fail(...faults);
  const unknown = workers.flatMap(({ name, devices }) => findUnknown(name, devices, gpus));
  if (unknown.length > 0) return fail(...unknown);
  if (gpus.length > 0) return succeed(workers);
  return succeed(workers.map(({ name }) => ({ name, devices: [] })));
}

function checkForm(worker: string, devices: readonly string[]): readonly Fault[] {
  const wrong = (message: string): Fault => ({
    code: 'workers',
    argument: 'workers',
    message,
    allowed: FORM,
  });
  if (devices.some((id) => id === '')) return [wrong(`${worker} has an empty GPU id.`)];
  const strange = devices.filter((id) => id !== 'cpu' && !/^\d+$/.test(id));
  if (strange.length > 0) return [wrong(`${worker} has the GPU id ${JSON.stringify(strange[0])}.`)];
  if (devices.includes('cpu') && devices.length > 1)
    return [wrong(`${worker} mixes cpu with other devices.`)];
  const twice = devices.find((id, index) => devices.indexOf(id) !== index);
  return twice === undefined ? [] : [wrong(`${worker} has GPU ${twice} twice.`)];
}

function findUnknown(worker: string, devices: readonly string[], gpus: readonly Device[]): readonly Fault[] {
  const known = gpus.length === 0 ? ['0'] : gpus.map(({ id }) => id);
  return devices
    .filter((id) => !known.includes(id))
    .map((id) => ({
      code: 'unknown-device',
      argument: 'workers',
      message: `${worker} names GPU ${id}, which this machine does not have.`,
      allowed:
        gpus.length === 0
          ? 'cpu, or 0, which means the CPU on a machine without GPUs'
          : `cpu, ${gpus.map((gpu) => `${gpu.id} (${gpu.name})`).join(', ')}`,
    }));
}
