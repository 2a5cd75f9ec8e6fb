import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { dialMain } from '../../../renderer/host/dial.ts';
import { LockedOut } from '../../../renderer/host/socket-channel.ts';

class RefusedSocket extends EventTarget {
  constructor() {
    super();
    queueMicrotask(() => this.dispatchEvent(new Event('error')));
  }
}

beforeEach(() => void vi.stubGlobal('WebSocket', RefusedSocket));
afterEach(() => void vi.unstubAllGlobals());

it('tells a program that knows this browser no more from one that is not there', async () => {
  const asked: unknown[] = [];
  vi.stubGlobal(
    'fetch',
    async (...request: unknown[]) => (asked.push(request), new Response(null, { status: 403 })),
  );
  await expect(dialMain()).rejects.toBeInstanceOf(LockedOut);
  expect(asked).toEqual([['/', { method: 'HEAD' }]]);

  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('Failed to fetch')));
  await expect(dialMain()).rejects.toThrow('cannot be reached');

  // It has come back between the two questions: the next dial succeeds.
  vi.stubGlobal('fetch', async () => new Response(null, { status: 200 }));
  await expect(dialMain()).rejects.toThrow('cannot be reached');
});
