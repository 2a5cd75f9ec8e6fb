import { describe, expect, it } from 'vitest';
import { parseWorkers } from '../../../main/scheduler/parse-workers.ts';

const gpus = ['0', '1', '2'].map((id) => ({ id, name: `GPU ${id}`, memoryMib: 1000 }));

describe('workers', () => {
  it.each([
    ['0', [['0']]],
    ['0:0:1,2', [['0'], ['0'], ['1', '2']]],
    ['0, 1 :cpu', [['0', '1'], []]],
  ])('%s', (text, devices) => {
    expect(parseWorkers(text, gpus)).toEqual({
      ok: true,
      value: devices.map((ids, index) => ({ name: `W${index + 1}`, devices: ids })),
    });
  });

  it('on the CPU of a machine without GPUs are cpu or 0', () => {
    expect(parseWorkers('0:cpu:0', [])).toEqual({
      ok: true,
      value: ['W1', 'W2', 'W3'].map((name) => ({ name, devices: [] })),
    });
  });

  it.each([
    ['', 'W1 has an empty GPU id.'],
    ['0::1', 'W2 has an empty GPU id.'],
    ['0,', 'W1 has an empty GPU id.'],
    ['0:gpu1', 'W2 has the GPU id "gpu1".'],
    ['-1', 'W1 has the GPU id "-1".'],
    ['0,cpu', 'W1 mixes cpu with other devices.'],
    ['1,1', 'W1 has GPU 1 twice.'],
  ])('written as %j are refused', (text, message) => {
    expect(parseWorkers(text, gpus)).toMatchObject({
      ok: false,
      faults: [{ code: 'workers', argument: 'workers', message }],
    });
  });

  it('with a GPU that is not there are refused with a list of those that are', () => {
    expect(parseWorkers('0:3,4', gpus)).toMatchObject({
      ok: false,
      faults: [
        {
          code: 'unknown-device',
          message: 'W2 names GPU 3, which this machine does not have.',
          allowed: 'cpu, 0 (GPU 0), 1 (GPU 1), 2 (GPU 2)',
        },
        { message: 'W2 names GPU 4, which this machine does not have.' },
      ],
    });
    expect(parseWorkers('1', [])).toMatchObject({
      ok: false,
      faults: [
        { code: 'unknown-device', allowed: 'cpu, or 0, which means the CPU on a machine without GPUs' },
      ],
    });
  });
});
