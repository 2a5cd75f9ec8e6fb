import type { z } from 'zod';
import type { CallSignal } from './call-signal.ts';

/**
 * What the window may ask of main. Three verbs: a query changes nothing, so it is asked again after a lost connection; a
 * command changes something and is sent once; a stream gives items until it ends or nobody listens.
 *
 * Schemas describe JSON values only: the same contract travels over a MessagePort and over a WebSocket.
 */
export type Operation = QueryOperation | CommandOperation | StreamOperation;

export interface QueryOperation<In extends z.ZodType = z.ZodType, Out extends z.ZodType = z.ZodType> {
  readonly kind: 'query';
  readonly input: In;
  readonly output: Out;
}

export interface CommandOperation<In extends z.ZodType = z.ZodType, Out extends z.ZodType = z.ZodType> {
  readonly kind: 'command';
  readonly input: In;
  readonly output: Out;
}

export interface StreamOperation<In extends z.ZodType = z.ZodType, Item extends z.ZodType = z.ZodType> {
  readonly kind: 'stream';
  readonly input: In;
  readonly item: Item;
  /** The input that goes on after the last item that was received. Without it the stream begins anew. */
  readonly resume?: (input: z.input<In>, last: z.output<Item>) => z.input<In>;
}

/** Operations by noun and verb: `api.runs.list`. */
export type Api = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

export function query<In extends z.ZodType, Out extends z.ZodType>(
  input: In,
  output: Out,
): QueryOperation<In, Out> {
  return { kind: 'query', input, output };
}

export function command<In extends z.ZodType, Out extends z.ZodType>(
  input: In,
  output: Out,
): CommandOperation<In, Out> {
  return { kind: 'command', input, output };
}

export function stream<In extends z.ZodType, Item extends z.ZodType>(
  input: In,
  item: Item,
  options: Pick<StreamOperation<In, Item>, 'resume'> = {},
): StreamOperation<In, Item> {
  return { kind: 'stream', input, item, ...options };
}

/** What a handler knows of the call besides its input. */
export interface Call {
  /** Aborted when the caller cancels or is gone. */
  readonly signal: CallSignal;
}

type Handler<O> =
  O extends StreamOperation<infer In, infer Item>
    ? (input: z.output<In>, call: Call) => AsyncIterable<z.input<Item>>
    : O extends QueryOperation<infer In, infer Out> | CommandOperation<infer In, infer Out>
      ? (input: z.output<In>, call: Call) => Promise<z.input<Out>>
      : never;

/** What main implements of one noun. */
export type Handlers<N extends Readonly<Record<string, Operation>>> = {
  readonly [Verb in keyof N]: Handler<N[Verb]>;
};

/** What main implements of a whole contract. */
export type ApiHandlers<A extends Api> = { readonly [Noun in keyof A]: Handlers<A[Noun]> };

/** How one call is made. */
export interface CallOptions {
  readonly signal?: CallSignal;
}

type Caller<O> =
  O extends StreamOperation<infer In, infer Item>
    ? (input: z.input<In>, options?: CallOptions) => AsyncIterable<z.output<Item>>
    : O extends QueryOperation<infer In, infer Out> | CommandOperation<infer In, infer Out>
      ? (input: z.input<In>, options?: CallOptions) => Promise<z.output<Out>>
      : never;

/** What the window calls. */
export type Client<A extends Api> = {
  readonly [Noun in keyof A]: { readonly [Verb in keyof A[Noun]]: Caller<A[Noun][Verb]> };
};

/** The operation called `noun.verb`, if the contract has it. */
export function findOperation(api: Api, name: string): Operation | undefined {
  const [noun = '', verb = '', ...rest] = name.split('.');
  if (rest.length > 0 || !Object.hasOwn(api, noun)) return undefined;
  const operations = api[noun]!;
  return Object.hasOwn(operations, verb) ? operations[verb] : undefined;
}
