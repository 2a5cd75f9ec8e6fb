import { FaultError } from '../../common/fault.ts';
import type { SearchSpace } from '../../common/search-space/search-space.ts';
import type { Controller, Recommendation } from '../controllers/controller.ts';
import type { Context } from '../engine/context.ts';
import type { Executor, Job, JobResult } from '../engine/executor.ts';
import { handlerEvents, handlerMethods, type Handler } from '../engine/handler.ts';
import type { UserComponents } from '../ports/user-code.ts';
import type { UserCodeChannel } from './channel.ts';
import type { ContextEffect, ContextSnapshot } from './messages.ts';

/** A component that lives in the child, as the engine sees it. */
export function makeProxy<Kind extends keyof UserComponents>(
  kind: Kind,
  channel: UserCodeChannel,
  object: number,
  methods: readonly string[],
): UserComponents[Kind] {
  const call: Invoke = (method, args, context) => invoke(channel, object, method, args, context);
  const proxies: { [Each in keyof UserComponents]: () => UserComponents[Each] } = {
    controller: () => proxyController(call, methods),
    handler: () => proxyHandler(call, methods),
    executor: () => proxyExecutor(call, methods, channel, object),
  };
  return proxies[kind]();
}

type Invoke = (method: string, args: readonly unknown[], context?: Context) => Promise<unknown>;

function proxyController(call: Invoke, methods: readonly string[]): Controller {
  let planned: number | undefined;
  // the count is asked for after every answer, since the engine wants it at once
  const answer = async (method: string, args: readonly unknown[]): Promise<readonly Recommendation[]> => {
    const recommendations = (await call(method, args)) as readonly Recommendation[];
    if (methods.includes('plannedJobs')) planned = (await call('plannedJobs', [])) as number | undefined;
    return recommendations;
  };
  return {
    setSearchSpace: (setup) => call('setSearchSpace', [setup]) as Promise<void>,
    initialRecommendation: () => answer('initialRecommendation', []),
    refineRecommendation: (outcome) => answer('refineRecommendation', [outcome]),
    plannedJobs: () => planned,
    shutdown: async () => {
      if (methods.includes('shutdown')) await call('shutdown', []);
    },
  };
}

function proxyHandler(call: Invoke, methods: readonly string[]): Handler {
  const heard = handlerEvents
    .map((event) => handlerMethods[event])
    .filter((method) => methods.includes(method));
  return Object.fromEntries(
    heard.map((method) => [method, (context: Context, ...rest: unknown[]) => call(method, rest, context)]),
  ) as Handler;
}

function proxyExecutor(
  call: Invoke,
  methods: readonly string[],
  channel: UserCodeChannel,
  object: number,
): Executor {
  return {
    determineSearchSpace: (context) => call('determineSearchSpace', [], context) as Promise<SearchSpace>,
    execute: (job) => execute(job, channel, object),
    shutdown: async (context) => {
      if (methods.includes('shutdown')) await call('shutdown', [], context);
    },
  };
}

function execute(
  { name, recommendation, lease, resume, context, signal, report, log }: Job,
  channel: UserCodeChannel,
  object: number,
): Promise<JobResult> {
  return new Promise((settle, fail) => {
    const request = {
      type: 'invoke',
      object,
      method: 'execute',
      args: [{ name, recommendation, lease, resume }],
      context: snapshotOf(context),
    } as const;
    const number = channel.send(request, {
      reply: ({ value, fault, effects }) => {
        applyEffects(context, effects);
        if (fault === undefined) settle(value as JobResult);
        else fail(new FaultError(fault));
      },
      fail,
      note: (message) =>
        message.type === 'progress' ? report(message.progress) : log(message.level, message.text),
    });
    signal.addEventListener('abort', () => channel.abort(number, String(signal.reason)), { once: true });
  });
}

function invoke(
  channel: UserCodeChannel,
  object: number,
  method: string,
  args: readonly unknown[],
  context?: Context,
): Promise<unknown> {
  return new Promise((settle, fail) => {
    const snapshot = context === undefined ? {} : { context: snapshotOf(context) };
    channel.send(
      { type: 'invoke', object, method, args, ...snapshot },
      {
        reply: ({ value, fault, effects }) => {
          if (context !== undefined) applyEffects(context, effects);
          if (fault === undefined) settle(value);
          else fail(new FaultError(fault));
        },
        fail,
      },
    );
  });
}

function snapshotOf(context: Context): ContextSnapshot {
  return { properties: context.snapshot(), stopMessage: context.getStopMessage() };
}

function applyEffects(context: Context, effects: readonly ContextEffect[]): void {
  for (const effect of effects) {
    if (effect.type === 'set') context.setProp(effect.key, effect.value);
    else if (effect.type === 'stop') context.stopWork(effect.issuer, effect.message);
    else if (effect.type === 'failed') context.exceptionOccurred(effect.issuer, effect.message);
    else context.trace(effect.issuer, effect.message, effect.toConsole);
  }
}
