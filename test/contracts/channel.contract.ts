import { describe, expect, it, vi } from 'vitest';
import type { Channel } from '../../common/rpc/channel.ts';

/** Two ends of one line. */
export interface ChannelPair {
  readonly window: Channel;
  readonly main: Channel;
  /** Sends a message as it is, past the window's channel. */
  sendRaw(message: string): void;
}

/** What a channel is judged by. */
export interface ChannelContract {
  readonly name: string;
  /** A fresh pair whose ends are connected. */
  readonly open: () => Promise<ChannelPair>;
}

const FRAMES: readonly unknown[] = [
  { type: 'call', id: 1, input: { text: 'Größe 3 µm, \u{1f9e0}', list: [1, -0.5, 1e-300, null, true, ''] } },
  [],
  {},
  'text',
  'goodbye',
  0,
  false,
  null,
];

export function describeChannel({ name, open }: ChannelContract): void {
  describe(`${name} as a channel`, () => {
    for (const [from, to] of [
      ['window', 'main'],
      ['main', 'window'],
    ] as const) {
      it(`carries JSON values from ${from} to ${to}, in order, each once`, async () => {
        const pair = await open();
        const arrived: unknown[] = [];
        pair[to].onFrame((frame) => arrived.push(frame));
        const many = Array.from({ length: 500 }, (_, index) => ({ index }));
        for (const frame of [...FRAMES, ...many]) pair[from].post(frame);
        await vi.waitFor(() => expect(arrived).toHaveLength(FRAMES.length + many.length));
        expect(arrived).toEqual([...FRAMES, ...many]);
        pair.window.close();
      });

      it(`tells both ends once when ${from} closes, after what it had sent`, async () => {
        const pair = await open();
        const heard: unknown[] = [];
        pair[from].onFrame(() => undefined);
        pair[to].onFrame((frame) => heard.push(frame));
        pair.window.onClose(() => heard.push('window closed'));
        pair.main.onClose(() => heard.push('main closed'));
        pair[from].post('last');
        pair[from].close();
        await vi.waitFor(() => expect(heard).toHaveLength(3));
        pair[to].close();
        pair[from].close();
        await settle();
        expect(heard.toSorted()).toEqual(['last', 'main closed', 'window closed']);
        expect(heard.indexOf('last')).toBeLessThan(heard.indexOf(`${to} closed`));
      });
    }

    it('gives what JSON would give, also for values that a port could clone', async () => {
      const pair = await open();
      const arrived: unknown[] = [];
      pair.main.onFrame((frame) => arrived.push(frame));
      pair.window.post({
        at: new Date(0),
        gone: undefined,
        list: [undefined],
        call: () => 1,
        not: Number.NaN,
      });
      pair.window.post(new Proxy({ reactive: true }, {}));
      await vi.waitFor(() => expect(arrived).toHaveLength(2));
      expect(arrived).toEqual([
        { at: '1970-01-01T00:00:00.000Z', list: [null], not: null },
        { reactive: true },
      ]);
      pair.window.close();
    });

    it('closes on what is no JSON', async () => {
      const pair = await open();
      const onFrame = vi.fn();
      const onClose = vi.fn();
      pair.main.onFrame(onFrame);
      pair.main.onClose(onClose);
      pair.sendRaw('{"type": ');
      await vi.waitFor(() => expect(onClose).toHaveBeenCalledOnce());
      expect(onFrame).not.toHaveBeenCalled();
    });

    it('does nothing after its close', async () => {
      const pair = await open();
      const onFrame = vi.fn();
      const onClose = vi.fn();
      pair.main.onFrame(onFrame);
      pair.main.onClose(onClose);
      pair.window.close();
      pair.window.post('too late');
      await vi.waitFor(() => expect(onClose).toHaveBeenCalledOnce());
      pair.main.post('to nobody');
      await settle();
      expect(onFrame).not.toHaveBeenCalled();
    });
  });
}

/** Long enough for a message that should not come to have come. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));
