import { describe, expect, it } from 'vitest';
import { deviceProbe, parseGpuList } from '../../../main/node/device-probe.ts';

describe('the GPUs of a machine', () => {
  it('are read from what nvidia-smi prints', () => {
    const csv = '0, NVIDIA A100-SXM4-40GB, 40960\n1, Tesla T4, 15360\n2, NVIDIA GB10, [N/A]\n\n';
    expect(parseGpuList(csv)).toEqual([
      { id: '0', name: 'NVIDIA A100-SXM4-40GB', memoryMib: 40960 },
      { id: '1', name: 'Tesla T4', memoryMib: 15360 },
      { id: '2', name: 'NVIDIA GB10' },
    ]);
    expect(parseGpuList('No devices were found\n')).toEqual([]);
  });

  it('can be asked for on any machine', async () => {
    expect(Array.isArray(await deviceProbe.listGpus())).toBe(true);
    expect(deviceProbe.countCores()).toBeGreaterThan(0);
  });
});
