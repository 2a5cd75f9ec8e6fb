import { describe, expect, it } from 'vitest';
import { countWorkers, writeWorkers } from '../../../common/run/worker-counts.ts';

describe('workers as counts of jobs per device', () => {
  it('are read where each worker owns one device', () => {
    expect([...countWorkers('0:0:1')!]).toEqual([
      ['0', 2],
      ['1', 1],
    ]);
    expect([...countWorkers('cpu')!]).toEqual([['cpu', 1]]);
    expect(countWorkers('0,1:2')).toBeUndefined();
    expect(countWorkers('')).toBeUndefined();
    expect(countWorkers('0:')).toBeUndefined();
  });

  it('are written with each device in turn', () => {
    expect(
      writeWorkers(
        new Map([
          ['0', 2],
          ['1', 3],
          ['2', 0],
        ]),
      ),
    ).toBe('0:1:0:1:1');
    expect(writeWorkers(new Map())).toBe('');
    expect(writeWorkers(countWorkers('cpu:cpu')!)).toBe('cpu:cpu');
  });
});
