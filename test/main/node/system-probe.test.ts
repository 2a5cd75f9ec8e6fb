import { describe, expect, it } from 'vitest';
import { openSystemProbe, parseGpuUsage } from '../../../main/node/system-probe.ts';

describe('the figures of the machine', () => {
  it('have MLflow names and lie where they can', async () => {
    const figures = await openSystemProbe(import.meta.dirname).measure();
    const byName = new Map(figures.map(({ name, value }) => [name, value]));
    for (const name of ['cpu_utilization', 'system_memory_usage', 'disk_usage']) {
      const value = byName.get(`system/${name}_percentage`);
      expect(value, name).toBeGreaterThanOrEqual(0);
      expect(value, name).toBeLessThanOrEqual(100);
    }
    expect(byName.get('system/system_memory_usage_megabytes')).toBeGreaterThan(10);
    expect(byName.get('system/disk_available_megabytes')).toBeGreaterThan(0);
  });

  it('leave out a disk that cannot be asked', async () => {
    const names = (await openSystemProbe('/there/is/no/such/folder').measure()).map(({ name }) => name);
    expect(names.some((name) => name.includes('disk'))).toBe(false);
    expect(names).toContain('system/cpu_utilization_percentage');
  });

  it('of GPUs come from what their driver says, without what a GPU does not know', () => {
    const csv = '0, 87, 10240, 81559, 312.50, 700.00\n1, 0, 4, 81559, [N/A], [N/A]\nNo devices were found\n';
    const figures = Object.fromEntries(
      parseGpuUsage(csv).map(({ name, value, gpu }) => [name, [gpu, value]]),
    );
    expect(figures).toEqual({
      'system/gpu_0_utilization_percentage': ['0', 87],
      'system/gpu_0_memory_usage_megabytes': ['0', 10737.4],
      'system/gpu_0_memory_usage_percentage': ['0', 12.6],
      'system/gpu_0_power_usage_watts': ['0', 312.5],
      'system/gpu_0_power_usage_percentage': ['0', 44.6],
      'system/gpu_1_utilization_percentage': ['1', 0],
      'system/gpu_1_memory_usage_megabytes': ['1', 4.2],
      'system/gpu_1_memory_usage_percentage': ['1', 0],
    });
  });
});
