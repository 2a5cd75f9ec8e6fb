import { z } from 'zod';
import { windowRequest } from '../../common/api/window.ts';
import type { Fault } from '../../common/fault.ts';

/*
 * Between Electron and the program behind it, over the IPC of a forked process. Electron shows windows and asks the
 * system; everything else runs in a Node of its own (docs/architecture.md says why).
 */

const connection = z.int().nonnegative();
const call = z.int().nonnegative();

/** What of the desktop and of its secrets is asked of Electron. */
export const hostMethods = [
  'choose',
  'chooseTarget',
  'reveal',
  'trash',
  'openPage',
  'notify',
  'encrypt',
  'decrypt',
] as const;
export type HostMethod = (typeof hostMethods)[number];

/** From Electron. The first is `start`. */
export const hostMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    dataFolder: z.string(),
    /** Where requests for resources are answered: a socket file or a named pipe. */
    pipe: z.string(),
    /** What they have to carry. */
    secret: z.string(),
    protection: z.enum(['encrypted', 'unprotected']),
    backend: z.string().optional(),
  }),
  z.object({ type: z.literal('connect'), connection }),
  z.object({ type: z.literal('frame'), connection, text: z.string() }),
  z.object({ type: z.literal('close'), connection }),
  z.object({
    type: z.literal('reply'),
    call,
    value: z.unknown().optional(),
    faults: z.array(z.custom<Fault>()).optional(),
    defect: z.string().optional(),
  }),
  z.object({ type: z.literal('ask'), request: windowRequest }),
  z.object({ type: z.literal('stop') }),
]);
export type HostMessage = z.output<typeof hostMessage>;

/** To Electron. */
export const backendMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('frame'), connection, text: z.string() }),
  z.object({ type: z.literal('close'), connection }),
  z.object({ type: z.literal('call'), call, method: z.enum(hostMethods), input: z.unknown() }),
  z.object({
    type: z.literal('running'),
    searches: z.array(z.object({ run: z.string(), text: z.string() })),
  }),
  z.object({ type: z.literal('awake'), id: z.int(), reason: z.string() }),
  z.object({ type: z.literal('asleep'), id: z.int() }),
]);
export type BackendMessage = z.output<typeof backendMessage>;
