import { FaultError } from '../../common/fault.ts';
import type { Controller, Recommendation } from '../controllers/controller.ts';
import type { Context } from '../engine/context.ts';
import type { Executor, Job } from '../engine/executor.ts';
import { handlerEvents, handlerMethods, type Handler } from '../engine/handler.ts';
import type { UserComponents } from '../ports/user-code.ts';
import type { UserCodeChannel } from './channel.ts';
import { checkAnswer, readProgress } from './check-answers.ts';
import type { ContextEffect, ContextSnapshot } from './messages.ts';

/** A component that lives in the child. */
export interface RemoteComponent {
  /** `module.Class`, for messages. */
  readonly path: string;
  /** Its number in the child. */
  readonly object: number;
  readonly methods: readonly string[];
}

/** A component that lives in the child, as the engine sees it. */
export function makeProxy<Kind extends keyof UserComponents>(
  kind: Kind,
  channel: UserCodeChannel,
  remote: RemoteComponent,
): UserComponents[Kind] {
  const call: Invoke = (method, args, context) => invoke(channel, remote.object, method, args, context);
  const proxies: { [Each in keyof UserComponents]: () => UserComponents[Each] } = {
    controller: () => proxyController(call, remote),
    handler: () => proxyHandler(call, remote),
    executor: () => proxyExecutor(call, remote, channel),
  };
  return proxies[kind]();
}

type Invoke = (method: string, args: readonly unknown[], context?: Context) => Promise<unknown>;

function proxyController(call: Invoke, { path, methods }: RemoteComponent): Controller {
  let planned: number | undefined;
  let stopReason: string | undefined;
  const callOptional = async (method: string): Promise<unknown> =>
    methods.includes(method) ? call(method, []) : undefined;
  // both are asked for after every answer, since the engine wants them at once
  const answer = async (method: string, args: readonly unknown[]): Promise<readonly Recommendation[]> => {
    const recommendations = checkAnswer.recommendations(path, method, await call(method, args));
    planned = checkAnswer.count(path, 'plannedJobs', await callOptional('plannedJobs'));
    stopReason = checkAnswer.reason(path, 'stopReason', await callOptional('stopReason'));
    return recommendations;
  };
  return {
    setSearchSpace: (setup) => call('setSearchSpace', [setup]) as Promise<void>,
    initialRecommendation: () => answer('initialRecommendation', []),
    refineRecommendation: (outcome) => answer('refineRecommendation', [outcome]),
    plannedJobs: () => planned,
    stopReason: () => stopReason,
    shutdown: async () => void (await callOptional('shutdown')),
  };
}

function proxyHandler(call: Invoke, { methods }: RemoteComponent): Handler {
  const heard = handlerEvents
    .map((event) => handlerMethods[event])
    .filter((method) => methods.includes(method));
  return Object.fromEntries(
    heard.map((method) => [method, (context: Context, ...rest: unknown[]) => call(method, rest, context)]),
  ) as Handler;
}

function proxyExecutor(call: Invoke, remote: RemoteComponent, channel: UserCodeChannel): Executor {
  const { path } = remote;
  return {
    determineSearchSpace: async (context) => {
      const method = 'determineSearchSpace';
      return checkAnswer.searchSpace(path, method, await call(method, [], context));
    },
    execute: async (job) => checkAnswer.result(path, 'execute', await execute(job, channel, remote.object)),
    shutdown: async (context) => {
      if (remote.methods.includes('shutdown')) await call('shutdown', [], context);
    },
  };
}

function execute(
  { name, recommendation, lease, resume, context, signal, report, log }: Job,
  channel: UserCodeChannel,
  object: number,
): Promise<unknown> {
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
        if (fault === undefined) settle(value);
        else fail(new FaultError(fault));
      },
      fail,
      note: (message) => {
        if (message.type === 'log') log(message.level, String(message.text));
        else {
          const progress = readProgress(message.progress);
          if (progress !== undefined) report(progress);
          else log('warning', 'The executor reported a progress that is none (docs/byoc-automl.md).');
        }
      },
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
