/**
 * The program that runs a trusted MMAR's own controllers, executors and handlers: a child process with Node's permission
 * model, without native add-ons, that only its parent talks to. It ends when the parent goes away.
 */
import { pathToFileURL } from 'node:url';
import { FaultError, type Fault } from '../../common/fault.ts';
import { guardImports } from './guard-imports.ts';
import { CopiedContext } from './copied-context.ts';
import { requiredMethods, type ContextEffect, type FromUserCode, type ToUserCode } from './messages.ts';

type Component = Record<string, (...args: unknown[]) => unknown>;

const components = new Map<number, { readonly path: string; readonly object: Component }>();
const running = new Map<number, AbortController>();

const send = (message: FromUserCode): void => void process.send?.(message);

process.on('message', (message: ToUserCode) => {
  if (message.type === 'abort') running.get(message.call)?.abort(message.reason);
  else void answer(message);
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches this process too: the parent stops the run in order and then ends it.
process.on('SIGINT', () => undefined);

async function answer(message: Exclude<ToUserCode, { type: 'abort' }>): Promise<void> {
  const effects: ContextEffect[] = [];
  try {
    const value = message.type === 'load' ? await load(message) : await invoke(message, effects);
    send({ type: 'reply', call: message.call, value, effects });
  } catch (error) {
    send({ type: 'reply', call: message.call, fault: asFault(error, message), effects });
  } finally {
    running.delete(message.call);
  }
}

/** Constructs the component; replies with the names of its methods. */
async function load(message: Extract<ToUserCode, { type: 'load' }>): Promise<readonly string[]> {
  const { kind, file, className, path, args, code } = message;
  const url = pathToFileURL(file).href;
  if (!guardImports(code).holds(url)) throw new Error('it is a link, or changes just now');
  const module = (await import(url)) as Record<string, unknown>;
  const found = module[className];
  if (typeof found !== 'function') {
    throw new FaultError({
      code: 'user-code',
      message: `The module of "${path}" exports no class "${className}".`,
      allowed: Object.keys(module).join(', ') || 'a named export, `export class ...`',
    });
  }
  const object = new (found as new (args: unknown) => Component)(args);
  const methods = methodNamesOf(object);
  const missing = requiredMethods[kind].filter((method) => !methods.includes(method));
  if (missing.length > 0) {
    throw new FaultError({
      code: 'user-code',
      message: `"${path}" is no ${kind}: it lacks ${missing.join(', ')}.`,
      allowed: 'the methods that docs/byoc-automl.md lists',
    });
  }
  components.set(message.object, { path, object });
  return methods;
}

function methodNamesOf(object: object): string[] {
  const names = new Set<string>();
  for (
    let level: object | null = object;
    level !== null && level !== Object.prototype;
    level = Object.getPrototypeOf(level) as object | null
  ) {
    for (const name of Object.getOwnPropertyNames(level)) {
      if (name !== 'constructor' && typeof (object as Component)[name] === 'function') names.add(name);
    }
  }
  return [...names];
}

async function invoke(
  message: Extract<ToUserCode, { type: 'invoke' }>,
  effects: ContextEffect[],
): Promise<unknown> {
  const { call, method, args, context } = message;
  const { object } = components.get(message.object)!;
  const copy = context === undefined ? [] : [new CopiedContext(context, effects)];
  if (method !== 'execute') return object[method]!(...copy, ...args);
  const abort = new AbortController();
  running.set(call, abort);
  return object.execute!({
    ...(args[0] as object),
    context: copy[0],
    signal: abort.signal,
    report: (progress: Extract<FromUserCode, { type: 'progress' }>['progress']) =>
      send({ type: 'progress', call, progress }),
    log: (level: 'info' | 'warning' | 'error', text: string) => send({ type: 'log', call, level, text }),
  });
}

/** Of an error the message alone: traces name folders. */
function asFault(error: unknown, message: Exclude<ToUserCode, { type: 'abort' }>): Fault {
  if (error instanceof FaultError) return error.faults[0]!;
  const text = error instanceof Error ? error.message : String(error);
  if (message.type === 'load')
    return { code: 'user-code', message: `"${message.path}" cannot be loaded: ${text}` };
  const path = components.get(message.object)?.path ?? 'a component';
  return { code: 'user-code', message: `"${path}" failed in ${message.method}: ${text}` };
}
