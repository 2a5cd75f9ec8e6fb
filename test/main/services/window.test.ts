import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { WindowRequest } from '../../../common/api/window.ts';
import { createWindowService, WindowRequests } from '../../../main/services/window.ts';

const go = (address: string): WindowRequest => ({ kind: 'go', address });

describe('what the desktop asks of the window', () => {
  it('is kept until a window is there, in order', async () => {
    const requests = new WindowRequests();
    requests.post(go('#/1'));
    requests.post(go('#/2'));
    const seen: WindowRequest[] = [];
    const leaving = new AbortController();
    for await (const request of createWindowService(requests).requests({}, { signal: leaving.signal })) {
      seen.push(request);
      if (seen.length === 2) requests.post(go('#/3'));
      if (seen.length === 3) break;
    }
    expect(seen).toEqual([go('#/1'), go('#/2'), go('#/3')]);
  });

  it('goes to one of several windows, which wait without keeping the program busy', async () => {
    const requests = new WindowRequests();
    const windows = [new AbortController(), new AbortController(), new AbortController()];
    const taken = windows.map(({ signal }) => requests.take(signal));
    // Timers come only when nothing runs on and on.
    await sleep(20);
    requests.post(go('#/settings'));
    expect(await taken[2]).toEqual(go('#/settings'));
    windows[1]!.abort();
    expect(await taken[1]).toBeUndefined();
    requests.post(go('#/library'));
    expect(await taken[0]).toEqual(go('#/library'));
  });

  it('is not lost with a window that has gone', async () => {
    const requests = new WindowRequests();
    const gone = new AbortController();
    const waiting = requests.take(gone.signal);
    gone.abort();
    requests.post(go('#/library'));
    expect(await waiting).toBeUndefined();
    expect(await requests.take(gone.signal)).toBeUndefined();
    expect(await requests.take(new AbortController().signal)).toEqual(go('#/library'));
  });
});
