import { z } from 'zod';
import { FaultError } from '../../common/fault.ts';
import { command, query, stream, type ApiHandlers, type Call } from '../../common/rpc/contract.ts';

/** A small contract with everything that can happen, for the suites that judge what carries contracts. */
export const notesApi = {
  notes: {
    list: query(z.object({}), z.array(z.string())),
    add: command(z.object({ text: z.string() }), z.int()),
    repeat: query(z.object({ text: z.string(), times: z.int().default(2) }), z.string()),
    fail: query(z.object({ how: z.enum(['fault', 'defect', 'throw', 'output', 'circular']) }), z.unknown()),
    /** Waits for its cancellation, or answers when it may. */
    hang: query(z.object({}), z.string()),
    hangCommand: command(z.object({}), z.string()),
    /** Counts from the one after `after`. */
    count: stream(
      z.object({
        after: z.int().default(0),
        to: z.int().positive(),
        thenWait: z.boolean().optional(),
        thenFail: z.boolean().optional(),
      }),
      z.int(),
      { resume: (input, last) => ({ ...input, after: last }) },
    ),
  },
} as const;

export interface Notes {
  readonly handlers: ApiHandlers<typeof notesApi>;
  /** What was added. */
  readonly texts: string[];
  /** What the source of `count` did. */
  readonly source: { begun: number; produced: number; last: number; ended: number };
  /** What the hanging calls did. */
  readonly aborted: { begun: number; heard: number; release: boolean };
}

export function makeNotes(): Notes {
  const texts: string[] = [];
  const source = { begun: 0, produced: 0, last: 0, ended: 0 };
  const aborted = { begun: 0, heard: 0, release: false };
  const hang = async (_: object, { signal }: Call): Promise<string> => {
    aborted.begun++;
    if (aborted.release) return 'done';
    await untilAborted(signal);
    aborted.heard++;
    throw new Error('aborted');
  };
  const handlers: ApiHandlers<typeof notesApi> = {
    notes: {
      list: async () => texts,
      add: async ({ text }) => texts.push(text),
      repeat: async ({ text, times }) => text.repeat(times),
      fail: ({ how }) => failAs(how),
      hang,
      hangCommand: hang,
      async *count({ after, to, thenWait, thenFail }, { signal }) {
        source.begun++;
        try {
          for (let item = after + 1; item <= to; item++) {
            source.produced++;
            source.last = item;
            yield item;
          }
          if (thenWait === true) await untilAborted(signal);
          if (thenFail === true) throw new FaultError({ code: 'journal-damaged', message: 'It is torn.' });
        } finally {
          source.ended++;
        }
      },
    },
  };
  return { handlers, texts, source, aborted };
}

function failAs(how: 'fault' | 'defect' | 'throw' | 'output' | 'circular'): Promise<unknown> {
  switch (how) {
    case 'fault':
      throw new FaultError({
        code: 'file-missing',
        message: 'It does not exist.',
        file: 'config/config_train.json',
        path: ['train', 0],
      });
    case 'defect':
      return Promise.reject(new Error('the secret is in /home/somebody'));
    case 'throw':
      throw new TypeError('the secret is in /home/somebody');
    case 'output':
      return Promise.resolve(10n);
    case 'circular': {
      const circle: Record<string, unknown> = { secret: '/home/somebody' };
      circle['circle'] = circle;
      return Promise.resolve(circle);
    }
  }
}

function untilAborted(signal: Call['signal']): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
