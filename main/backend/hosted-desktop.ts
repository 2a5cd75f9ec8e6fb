import type { Desktop } from '../ports/desktop.ts';
import type { HostCalls } from './host-calls.ts';
import type { BackendMessage } from './host-protocol.ts';

/** The desktop as Electron has it, asked for over the IPC. */
export function makeHostedDesktop(calls: HostCalls, send: (message: BackendMessage) => void): Desktop {
  let lastId = 0;
  const ask = async (method: 'reveal' | 'trash' | 'openPage' | 'notify', input: unknown): Promise<void> =>
    void (await calls.call(method, input));
  return {
    abilities: { dialogs: true, reveal: true, trash: true, notifications: true },
    choose: (request) => calls.call('choose', request) as Promise<string | undefined>,
    chooseTarget: (request) => calls.call('chooseTarget', request) as Promise<string | undefined>,
    reveal: (path) => ask('reveal', path),
    trash: (path) => ask('trash', path),
    openPage: (url) => ask('openPage', url),
    notify: (notification) => ask('notify', notification),
    showRunning: (searches) => send({ type: 'running', searches: [...searches] }),
    keepAwake(reason) {
      const id = ++lastId;
      let isOver = false;
      send({ type: 'awake', id, reason });
      return () => {
        if (!isOver) send({ type: 'asleep', id });
        isOver = true;
      };
    },
  };
}
