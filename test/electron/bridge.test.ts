import { describe, expect, it } from 'vitest';
import { installBridge } from '../../main/electron/install-bridge.ts';

interface Exposed {
  connect(...args: unknown[]): unknown;
  pathOf(file: object): string;
}

function install() {
  const exposed: Record<string, unknown> = {};
  const sent: unknown[][] = [];
  const posted: unknown[][] = [];
  const listeners = new Map<string, (event: unknown, ...args: unknown[]) => void>();
  installBridge(
    {
      contextBridge: { exposeInMainWorld: (name, api) => void (exposed[name] = api) },
      ipcRenderer: {
        on: (channel: string, listener: unknown) => (
          listeners.set(channel, listener as never),
          undefined as never
        ),
        send: (...args) => void sent.push(args),
      },
      webUtils: { getPathForFile: (file) => `/dropped/${(file as unknown as { name: string }).name}` },
    },
    {
      location: { origin: 'app://outerloop' },
      postMessage: (...args) => void posted.push(args),
    },
  );
  return { bridge: exposed['outerloopBridge'] as Exposed, exposed, sent, posted, listeners };
}

describe('what the page gets of Electron', () => {
  it('is one object with two functions', () => {
    const { exposed, bridge } = install();
    expect(Object.keys(exposed)).toEqual(['outerloopBridge']);
    expect(Object.entries(bridge).map(([name, value]) => [name, typeof value])).toEqual([
      ['connect', 'function'],
      ['pathOf', 'function'],
    ]);
  });

  it('sends one message without anything from the page in it, and gives nothing back', () => {
    const { bridge, sent } = install();
    expect(bridge.connect('other-channel', { evil: true })).toBeUndefined();
    expect(sent).toEqual([['outerloop-connect']]);
  });

  it('hands the port to the page alone, without the event that brought it', () => {
    const { posted, listeners } = install();
    expect([...listeners.keys()]).toEqual(['outerloop-port']);
    const port = { port: true };
    listeners.get('outerloop-port')!({ sender: 'ipcRenderer', ports: [port] }, 'more');
    expect(posted).toEqual([['outerloop-port', 'app://outerloop', [port]]]);
  });

  it('says where a dropped file lies', () => {
    expect(install().bridge.pathOf({ name: 'case' })).toBe('/dropped/case');
  });
});
