import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Channel } from '../../common/rpc/channel.ts';
import { connectApi, type ApiConnection } from '../../common/rpc/connect-api.ts';
import { describeContract } from '../../common/rpc/describe-contract.ts';
import { RPC_PROTOCOL, STREAM_CREDIT } from '../../common/rpc/frame.ts';
import { RpcError } from '../../common/rpc/rpc-error.ts';
import { serveApi } from '../../common/rpc/serve-api.ts';
import { makeNotes, notesApi, type Notes } from './notes-api.ts';

/** What carries a contract. */
export interface RpcContract {
  readonly name: string;
  /** A fresh pair whose ends are connected; called again within a test for every reconnection. */
  readonly open: () => Promise<{ readonly window: Channel; readonly main: Channel }>;
}

interface Session extends Notes {
  readonly connection: ApiConnection<typeof notesApi>;
  readonly client: ApiConnection<typeof notesApi>['client'];
  readonly onLost: ReturnType<typeof vi.fn>;
  readonly defects: unknown[];
  /** Breaks the line as a machine that goes away does. */
  drop(): void;
  /** Another channel to the same main. */
  reconnect(): Promise<void>;
}

export function describeRpc({ name, open }: RpcContract): void {
  const opened: Channel[] = [];
  afterEach(() => {
    for (const channel of opened.splice(0)) channel.close();
  });

  async function begin(): Promise<Session> {
    const notes = makeNotes();
    const defects: unknown[] = [];
    const onLost = vi.fn();
    const connection = connectApi(notesApi, onLost);
    let main: Channel | undefined;
    const reconnect = async (): Promise<void> => {
      const pair = await open();
      main = pair.main;
      opened.push(pair.main, pair.window);
      serveApi(notesApi, notes.handlers, pair.main, {
        onDefect: (error) => (defects.push(error), 'c0ffee'),
      });
      await connection.attach(pair.window);
    };
    await reconnect();
    const drop = (): void => main!.close();
    return { ...notes, connection, client: connection.client, onLost, defects, drop, reconnect };
  }

  /** Speaks frames by hand. */
  async function beginRaw(...frames: readonly unknown[]): Promise<{ answers: unknown[]; notes: Notes }> {
    const notes = makeNotes();
    const { window, main } = await open();
    opened.push(main, window);
    serveApi(notesApi, notes.handlers, main, { onDefect: () => 'c0ffee' });
    const answers: unknown[] = [];
    window.onFrame((frame) => answers.push(frame));
    window.onClose(() => answers.push('closed'));
    for (const frame of frames) window.post(frame);
    await vi.waitFor(() => expect(answers).toContain('closed'));
    return { answers, notes };
  }

  const hello = { type: 'hello', protocol: RPC_PROTOCOL, contract: describeContract(notesApi) };
  const add = (id: number) => ({ type: 'call', id, operation: 'notes.add', input: { text: `note ${id}` } });

  describe(`calls over ${name}`, () => {
    it('answers queries and commands', async () => {
      const { client, texts } = await begin();
      expect(await client.notes.add({ text: 'one' })).toBe(1);
      expect(await client.notes.list({})).toEqual(['one']);
      expect(texts).toEqual(['one']);
    });

    it('fills in the defaults of the input', async () => {
      const { client } = await begin();
      expect(await client.notes.repeat({ text: 'ab' })).toBe('abab');
    });

    it('answers many calls at once, each with its own', async () => {
      const { client } = await begin();
      const asked = Array.from({ length: 100 }, (_, index) => String(index));
      const answers = await Promise.all(asked.map((text) => client.notes.repeat({ text, times: 1 })));
      expect(answers).toEqual(asked);
    });

    it('refuses input that does not fit, with the place and without calling', async () => {
      const { client, texts } = await begin();
      const error = await failure(client.notes.add({ text: 7 as unknown as string }));
      expect(error).toMatchObject({ code: 'bad-input', faults: [] });
      expect(error.message).toMatch(/^notes\.add at text: /);
      const missing = await failure(client.notes.add(undefined as never));
      expect(missing.code).toBe('bad-input');
      expect(texts).toEqual([]);
    });

    it.each([
      'notes.gone',
      'gone.list',
      'notes',
      '',
      'notes.list.length',
      '__proto__.toString',
      'notes.toString',
    ])('has no operation %j', async (operation) => {
      const { window, main } = await open();
      opened.push(main, window);
      serveApi(notesApi, makeNotes().handlers, main, { onDefect: () => 'c0ffee' });
      const answers: unknown[] = [];
      window.onFrame((frame) => answers.push(frame));
      window.post(hello);
      window.post({ type: 'call', id: 4, operation, input: {} });
      await vi.waitFor(() => expect(answers).toHaveLength(2));
      expect(answers[1]).toMatchObject({ type: 'error', id: 4, error: { code: 'unknown-operation' } });
    });

    it('does not call a stream, nor open a query', async () => {
      const { window, main } = await open();
      opened.push(main, window);
      serveApi(notesApi, makeNotes().handlers, main, { onDefect: () => 'c0ffee' });
      const answers: unknown[] = [];
      window.onFrame((frame) => answers.push(frame));
      window.post(hello);
      window.post({ type: 'call', id: 1, operation: 'notes.count', input: { to: 1 } });
      window.post({ type: 'open', id: 2, operation: 'notes.list', input: {}, credit: 1 });
      await vi.waitFor(() => expect(answers).toHaveLength(3));
      expect(answers.slice(1)).toMatchObject([
        { id: 1, error: { code: 'unknown-operation' } },
        { id: 2, error: { code: 'unknown-operation' } },
      ]);
    });

    it('brings expected failures with their faults', async () => {
      const { client, defects } = await begin();
      const error = await failure(client.notes.fail({ how: 'fault' }));
      expect(error).toBeInstanceOf(RpcError);
      expect(error).toMatchObject({
        code: 'fault',
        faults: [{ code: 'file-missing', file: 'config/config_train.json', path: ['train', 0] }],
      });
      expect(defects).toEqual([]);
    });

    it.each(['defect', 'throw', 'output', 'circular'] as const)(
      'says nothing of a defect (%s) but its name in the log',
      async (how) => {
        const { client, defects } = await begin();
        const error = await failure(client.notes.fail({ how }));
        expect(error).toMatchObject({ code: 'internal', correlation: 'c0ffee', faults: [] });
        expect(JSON.stringify({ ...error, message: error.message })).not.toMatch(/secret|home|at .*\.ts/);
        expect(defects).toHaveLength(1);
      },
    );

    it('cancels a call: its caller hears at once, its handler by its signal', async () => {
      const { client, aborted } = await begin();
      const controller = new AbortController();
      const answer = failure(client.notes.hang({}, { signal: controller.signal }));
      await vi.waitFor(() => expect(aborted.begun).toBe(1));
      controller.abort();
      expect(await answer).toMatchObject({ code: 'cancelled' });
      await vi.waitFor(() => expect(aborted.heard).toBe(1));
      expect(await failure(client.notes.hang({}, { signal: controller.signal }))).toMatchObject({
        code: 'cancelled',
      });
      expect(aborted.begun).toBe(1);
    });
  });

  describe(`streams over ${name}`, () => {
    it('gives all items in order and ends', async () => {
      const { client, source } = await begin();
      expect(await collect(client.notes.count({ to: 100 }))).toEqual(range(1, 100));
      expect(source.ended).toBe(1);
    });

    it('never lets the source be more than 16 items ahead of a slow listener', async () => {
      const { client, source } = await begin();
      let taken = 0;
      let lead = 0;
      for await (const _ of client.notes.count({ to: 120 })) {
        // The item in hand is not yet done with.
        if (taken % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
        lead = Math.max(lead, source.produced - taken);
        taken++;
      }
      expect(taken).toBe(120);
      expect(lead).toBeGreaterThan(1);
      expect(lead).toBeLessThanOrEqual(STREAM_CREDIT);
    });

    it('stops at 16 when nobody takes', async () => {
      const { client, source } = await begin();
      const items = client.notes.count({ to: 1000 })[Symbol.asyncIterator]();
      await items.next();
      await new Promise((resolve) => setTimeout(resolve, 40));
      expect(source.produced).toBe(STREAM_CREDIT);
      await items.return?.();
    });

    it("runs the source's finally once when the listener leaves", async () => {
      const { client, source } = await begin();
      for await (const item of client.notes.count({ to: 1000 })) if (item === 20) break;
      await vi.waitFor(() => expect(source.ended).toBe(1));
      const { produced } = source;
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(source).toMatchObject({ ended: 1, produced });
    });

    it('ends quietly when its signal aborts, also while it waits and with items left', async () => {
      const { client, source } = await begin();
      const waiting = new AbortController();
      const items = collect(client.notes.count({ to: 3, thenWait: true }, { signal: waiting.signal }));
      await vi.waitFor(() => expect(source.produced).toBe(3));
      waiting.abort();
      expect(await items).toEqual([1, 2, 3]);
      await vi.waitFor(() => expect(source.ended).toBe(1));

      const busy = new AbortController();
      const seen: number[] = [];
      for await (const item of client.notes.count({ to: 1000 }, { signal: busy.signal })) {
        seen.push(item);
        if (item === 5) busy.abort();
      }
      expect(seen).toEqual([1, 2, 3, 4, 5]);
      await vi.waitFor(() => expect(source.ended).toBe(2));
      expect(await collect(client.notes.count({ to: 5 }, { signal: busy.signal }))).toEqual([]);
    });

    it('fails after the items that came before', async () => {
      const { client, source } = await begin();
      const seen: number[] = [];
      const error = await failure(
        (async () => {
          for await (const item of client.notes.count({ to: 3, thenFail: true })) seen.push(item);
        })(),
      );
      expect(error).toMatchObject({ code: 'fault', faults: [{ code: 'journal-damaged' }] });
      expect(seen).toEqual([1, 2, 3]);
      expect(source.ended).toBe(1);
    });

    it('refuses input that does not fit', async () => {
      const { client } = await begin();
      expect(await failure(collect(client.notes.count({ to: -1 })))).toMatchObject({ code: 'bad-input' });
    });

    it('ends when main is left', async () => {
      const { client, source, drop } = await begin();
      const items = client.notes.count({ to: 2, thenWait: true })[Symbol.asyncIterator]();
      await items.next();
      drop();
      await vi.waitFor(() => expect(source.ended).toBe(1));
    });
  });

  describe(`a lost connection over ${name}`, () => {
    it('asks queries again, and rejects commands that may have been carried out', async () => {
      const { client, aborted, onLost, drop, reconnect } = await begin();
      const query = client.notes.hang({});
      const command = failure(client.notes.hangCommand({}));
      await vi.waitFor(() => expect(aborted.begun).toBe(2));
      drop();
      expect(await command).toMatchObject({ code: 'disconnected' });
      await vi.waitFor(() => expect(onLost).toHaveBeenCalledExactlyOnceWith());
      await vi.waitFor(() => expect(aborted.heard).toBe(2));
      aborted.release = true;
      await reconnect();
      expect(await query).toBe('done');
    });

    it('keeps queries and rejects commands while there is no line', async () => {
      const { client, texts, onLost, drop, reconnect } = await begin();
      drop();
      await vi.waitFor(() => expect(onLost).toHaveBeenCalledOnce());
      const list = client.notes.list({});
      expect(await failure(client.notes.add({ text: 'lost' }))).toMatchObject({ code: 'disconnected' });
      await reconnect();
      expect(await list).toEqual([]);
      expect(texts).toEqual([]);
    });

    it('keeps queries and commands before the first line', async () => {
      const notes = makeNotes();
      const connection = connectApi(notesApi);
      const added = connection.client.notes.add({ text: 'early' });
      const { window, main } = await open();
      opened.push(main, window);
      serveApi(notesApi, notes.handlers, main, { onDefect: () => 'c0ffee' });
      await connection.attach(window);
      expect(await added).toBe(1);
    });

    it('goes on with streams without loss or repeat, and with fresh credit', async () => {
      const { client, source, onLost, drop, reconnect } = await begin();
      const seen: number[] = [];
      let lead = 0;
      for await (const item of client.notes.count({ to: 90 })) {
        seen.push(item);
        if (item === 7 || item === 29 || item === 64) {
          const losses = onLost.mock.calls.length;
          drop();
          await vi.waitFor(() => expect(onLost).toHaveBeenCalledTimes(losses + 1));
          await reconnect();
        }
        if (item % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
        lead = Math.max(lead, source.last - item);
      }
      expect(seen).toEqual(range(1, 90));
      expect(lead).toBeLessThanOrEqual(STREAM_CREDIT);
      await vi.waitFor(() => expect(source.ended).toBe(4));
    });

    it('does not open again a stream that its listener has left meanwhile', async () => {
      const { client, source, onLost, drop, reconnect } = await begin();
      const items = client.notes.count({ to: 2, thenWait: true })[Symbol.asyncIterator]();
      await items.next();
      drop();
      await vi.waitFor(() => expect(onLost).toHaveBeenCalledOnce());
      await items.return?.();
      await reconnect();
      await client.notes.list({});
      expect(source.begun).toBe(1);
    });

    it('closes the channel that another one replaces, and asks again over that', async () => {
      const { client, aborted, onLost, reconnect } = await begin();
      const query = client.notes.hang({});
      await vi.waitFor(() => expect(aborted.begun).toBe(1));
      aborted.release = true;
      await reconnect();
      expect(await query).toBe('done');
      await vi.waitFor(() => expect(aborted.heard).toBe(1));
      expect(onLost).not.toHaveBeenCalled();
    });
  });

  describe(`frames out of protocol over ${name}`, () => {
    it.each([
      ['another protocol', { ...hello, protocol: RPC_PROTOCOL + 1 }],
      [
        'another contract',
        { ...hello, contract: describeContract({ notes: { list: notesApi.notes.list } }) },
      ],
    ])('refuses a window that speaks %s, with what to do', async (_, frame) => {
      const { answers } = await beginRaw(frame, add(1));
      expect(answers).toEqual([{ type: 'refused', reason: expect.stringContaining('reload') }, 'closed']);
    });

    it.each([
      ['no frame', { type: 'shout' }],
      ['no object', 'hello'],
      ['a call without a number', { type: 'call', operation: 'notes.add', input: { text: 'a' } }],
      ['a broken number', { ...add(1), id: 1.5 }],
      ['boundless credit', { type: 'open', id: 1, operation: 'notes.count', input: { to: 9 }, credit: 1e9 }],
      ['a second hello', hello],
    ])('refuses %s, and carries out nothing that was sent after it', async (_, frame) => {
      const { answers, notes } = await beginRaw(hello, add(1), frame, add(2), add(3));
      expect(answers.at(-1)).toBe('closed');
      expect(answers).toContainEqual({ type: 'refused', reason: expect.any(String) });
      expect(notes.texts).toEqual(['note 1']);
    });

    it('refuses calls before the hello', async () => {
      const { answers, notes } = await beginRaw(add(1), hello, add(2));
      expect(answers).toEqual([{ type: 'refused', reason: expect.any(String) }, 'closed']);
      expect(notes.texts).toEqual([]);
    });

    it('refuses a number that is in use', async () => {
      const hang = { type: 'call', id: 1, operation: 'notes.hang', input: {} };
      const { answers, notes } = await beginRaw(hello, hang, { ...hang, operation: 'notes.list' });
      expect(answers).toEqual([
        { type: 'welcome', protocol: RPC_PROTOCOL },
        { type: 'refused', reason: expect.any(String) },
        'closed',
      ]);
      await vi.waitFor(() => expect(notes.aborted.heard).toBe(1));
    });

    it('does not mind credit and cancellation of what is over', async () => {
      const { client } = await begin();
      const { window, main } = await open();
      opened.push(main, window);
      serveApi(notesApi, makeNotes().handlers, main, { onDefect: () => 'c0ffee' });
      const answers: unknown[] = [];
      window.onFrame((frame) => answers.push(frame));
      for (const frame of [hello, { type: 'credit', id: 9, amount: 3 }, { type: 'cancel', id: 9 }, add(1)])
        window.post(frame);
      await vi.waitFor(() => expect(answers).toHaveLength(2));
      expect(answers[1]).toEqual({ type: 'result', id: 1, output: 1 });
      expect(await client.notes.list({})).toEqual([]);
    });

    it('tells everything that waits when main refuses, and asks nothing more', async () => {
      const onLost = vi.fn();
      const connection = connectApi(notesApi, onLost);
      const { window, main } = await open();
      opened.push(main, window);
      const asked: unknown[] = [];
      main.onFrame((frame) => {
        asked.push(frame);
        main.post({ type: 'refused', reason: 'the window belongs to another version' });
      });
      const waiting = failure(connection.client.notes.list({}));
      const stream = failure(collect(connection.client.notes.count({ to: 1 })));
      expect(await failure(connection.attach(window))).toMatchObject({ code: 'refused' });
      for (const error of [await waiting, await stream, await failure(connection.client.notes.list({}))])
        expect(error).toMatchObject({ code: 'refused', message: 'the window belongs to another version' });
      expect(asked).toHaveLength(1);
      expect(onLost).not.toHaveBeenCalled();
    });

    it('closes on a frame of main that it does not understand', async () => {
      const onLost = vi.fn();
      const connection = connectApi(notesApi, onLost);
      const { window, main } = await open();
      opened.push(main, window);
      main.onFrame(() => {
        main.post({ type: 'welcome', protocol: RPC_PROTOCOL });
        main.post({ type: 'result', id: 'one' });
      });
      await connection.attach(window);
      await vi.waitFor(() => expect(onLost).toHaveBeenCalledExactlyOnceWith());
    });

    it('says that main went away before it answered', async () => {
      const { window, main } = await open();
      main.onFrame(() => main.close());
      expect(await failure(connectApi(notesApi).attach(window))).toMatchObject({ code: 'disconnected' });
    });
  });
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

async function failure(work: Promise<unknown>): Promise<RpcError> {
  return work.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: RpcError) => error,
  );
}
