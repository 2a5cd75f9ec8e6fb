import { z } from 'zod';
import type { Fault } from '../fault.ts';

/** Version of the frames below. */
export const RPC_PROTOCOL = 1;

/** Items that a stream may send before the listener has to say that it took some. */
export const STREAM_CREDIT = 16;

export const rpcErrorCodes = [
  'bad-input',
  'unknown-operation',
  'fault',
  'cancelled',
  'disconnected',
  'refused',
  'internal',
] as const;
export type RpcErrorCode = (typeof rpcErrorCodes)[number];

const rpcErrorBody = z.object({
  code: z.enum(rpcErrorCodes),
  /** For the user; holds no path outside the MMAR and no patient's name. */
  message: z.string(),
  faults: z.array(z.custom<Fault>()).optional(),
  /** Finds the defect in the program's log. */
  correlation: z.string().optional(),
});
export type RpcErrorBody = z.output<typeof rpcErrorBody>;

const id = z.int().nonnegative();

/** JSON has no undefined: a value that is none has no key. */
const value = z.unknown().optional();

/** From the window to main. The first frame is `hello`. */
export const clientFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), protocol: z.int(), contract: z.string() }),
  z.object({ type: z.literal('call'), id, operation: z.string(), input: value }),
  z.object({
    type: z.literal('open'),
    id,
    operation: z.string(),
    input: value,
    credit: z.int().min(1).max(1024),
  }),
  z.object({ type: z.literal('credit'), id, amount: z.int().min(1).max(1024) }),
  z.object({ type: z.literal('cancel'), id }),
]);
export type ClientFrame = z.output<typeof clientFrame>;

/** From main to the window. */
export const serverFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), protocol: z.int() }),
  z.object({ type: z.literal('refused'), reason: z.string() }),
  z.object({ type: z.literal('result'), id, output: value }),
  z.object({ type: z.literal('item'), id, item: value }),
  z.object({ type: z.literal('end'), id }),
  z.object({ type: z.literal('error'), id, error: rpcErrorBody }),
]);
export type ServerFrame = z.output<typeof serverFrame>;
