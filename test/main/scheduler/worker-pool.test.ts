import { describe, expect, it } from 'vitest';
import { shareThreads, WorkerPool } from '../../../main/scheduler/worker-pool.ts';

const makePool = (): WorkerPool =>
  new WorkerPool(
    [
      { name: 'W1', devices: ['0'] },
      { name: 'W2', devices: ['1', '2'] },
      { name: 'W3', devices: [] },
    ],
    8,
  );

describe('the workers of a run', () => {
  it('share the cores, and each gets at least one', () => {
    expect([shareThreads(8, 3), shareThreads(2, 2), shareThreads(2, 5)]).toEqual([2, 1, 1]);
  });

  it('take turns: the one that has been free longest comes first', () => {
    const pool = makePool();
    expect(pool.take()).toEqual({ worker: 'W1', devices: ['0'], threads: 2 });
    pool.release('W1');
    expect([pool.take()?.worker, pool.take()?.worker, pool.take()?.worker, pool.take()]).toEqual([
      'W2',
      'W3',
      'W1',
      undefined,
    ]);
    pool.release('W3');
    pool.release('W2');
    expect([pool.take()?.worker, pool.take()?.worker]).toEqual(['W3', 'W2']);
  });

  it('can be asked for by name', () => {
    const pool = makePool();
    expect(pool.take('W2')?.worker).toBe('W2');
    expect(pool.take('W2')?.worker).toBe('W1');
    expect(pool.take('W9')?.worker).toBe('W3');
  });

  it('that are paused get nothing, but finish what they have', () => {
    const pool = makePool();
    pool.take('W1');
    expect([pool.pause('W1'), pool.pause('W2'), pool.pause('W9')]).toEqual([true, true, false]);
    expect(pool.list().map(({ state, busy }) => [state, busy])).toEqual([
      ['paused', true],
      ['paused', false],
      ['idle', false],
    ]);
    pool.release('W1');
    expect([pool.take()?.worker, pool.take()]).toEqual(['W3', undefined]);
    expect(pool.list()[2]?.state).toBe('busy');
    expect([pool.unpause('W2'), pool.unpause('W9')]).toEqual([true, false]);
    expect(pool.take()?.worker).toBe('W2');
  });

  it('cannot be released twice', () => {
    expect(() => makePool().release('W1')).toThrow('W1 has no job');
  });
});
