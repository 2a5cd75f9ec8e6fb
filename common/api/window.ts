import { z } from 'zod';
import { stream } from '../rpc/contract.ts';

/** Something that the desktop asks of the window: a choice in its menu, a file that was opened from outside. */
export const windowRequest = z.discriminatedUnion('kind', [
  /** Show a view: `#/settings`. */
  z.object({ kind: z.literal('go'), address: z.string().startsWith('#/') }),
  /** Unpack a packed MMAR that the user opened, and show it. */
  z.object({ kind: z.literal('open-packed'), file: z.string().min(1) }),
]);
export type WindowRequest = z.output<typeof windowRequest>;

export const windowApi = {
  /** Each request goes to one window, also one that opens only later. */
  requests: stream(z.object({}), windowRequest),
} as const;
