import { describe, expect, it, vi } from 'vitest';
import type { RunHead } from '../../../common/api/runs.ts';
import type { RunningSearch } from '../../../main/ports/desktop.ts';
import { describeRunning, tellRunning } from '../../../main/run-desk/tell-running.ts';

const jobs: RunHead['jobs'] = {
  started: 5,
  running: 1,
  interrupted: 0,
  completed: 2,
  failed: 1,
  aborted: 0,
  timeout: 0,
  diverged: 0,
};
const head = (more: Partial<RunHead> = {}): RunHead => ({ run: 'first', jobs, ...more }) as RunHead;

describe('a running search on the desktop', () => {
  it('says how far it is', () => {
    expect(describeRunning(head())).toEqual({ run: 'first', text: '3 jobs done' });
    expect(
      describeRunning(head({ jobs: { ...jobs, planned: 12 }, best: { job: 'W1_1_J1', score: 0.81234 } }))
        .text,
    ).toBe('3 of 12 jobs done, best 0.8123');
    expect(describeRunning(head({ jobs: { ...jobs, completed: 0, planned: 1 }, stopping: 'now' })).text).toBe(
      '1 of 1 job done, stopping',
    );
  });
});

function open(active: () => Promise<RunHead[]>) {
  const listeners = new Set<() => void>();
  const shown: (readonly RunningSearch[])[] = [];
  const defects: unknown[] = [];
  const end = tellRunning(
    {
      active,
      onActivity: (listener) => (listeners.add(listener), () => listeners.delete(listener)),
    },
    { showRunning: (searches) => void shown.push(searches) },
    (error) => defects.push(error),
  );
  return { shown, defects, end, listeners, change: () => listeners.forEach((listener) => listener()) };
}

describe('telling the desktop', () => {
  it('shows what is running after each change, until it is ended', async () => {
    let running = [head()];
    const { shown, change, end, listeners } = open(async () => running);
    change();
    await vi.waitFor(() => expect(shown).toEqual([[{ run: 'first', text: '3 jobs done' }]]));
    running = [];
    change();
    await vi.waitFor(() => expect(shown.at(-1)).toEqual([]));
    end();
    expect(listeners.size).toBe(0);
  });

  it('reads once for many changes while it reads, and shows the last state', async () => {
    const gates: (() => void)[] = [];
    let reads = 0;
    const { shown, change } = open(async () => {
      const read = ++reads;
      await new Promise<void>((resolve) => gates.push(resolve));
      return read === 1 ? [head()] : [];
    });
    for (let changes = 0; changes < 5; changes++) change();
    gates.shift()!();
    await vi.waitFor(() => expect(gates).toHaveLength(1));
    gates.shift()!();
    await vi.waitFor(() => expect(shown.at(-1)).toEqual([]));
    expect(reads).toBe(2);
  });

  it('reports what could not be read, and goes on with the next change', async () => {
    let fails = true;
    const { shown, defects, change } = open(async () => {
      if (fails) throw new Error('the disk is gone');
      return [head()];
    });
    change();
    await vi.waitFor(() => expect(defects).toHaveLength(1));
    fails = false;
    change();
    await vi.waitFor(() => expect(shown).toHaveLength(1));
  });
});
