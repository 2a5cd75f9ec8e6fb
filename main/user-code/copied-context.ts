import type { ContextEffect, ContextSnapshot } from './messages.ts';

/**
 * The context as a component in the child sees it: a copy of the properties at the time of the call, with the methods of
 * main/engine/context.ts. What it changes is noted and done by the parent when the call has ended.
 */
export class CopiedContext {
  readonly #properties: Record<string, unknown>;
  readonly #effects: ContextEffect[];
  #stopMessage: string | undefined;

  constructor({ properties, stopMessage }: ContextSnapshot, effects: ContextEffect[]) {
    this.#properties = { ...properties };
    this.#stopMessage = stopMessage;
    this.#effects = effects;
  }

  getProp(key: string, fallback?: unknown): unknown {
    return key in this.#properties ? this.#properties[key] : fallback;
  }

  setProp(key: string, value: unknown): void {
    this.#properties[key] = value;
    this.#effects.push({ type: 'set', key, value });
  }

  stopWork(issuer: string, message: string): void {
    this.#stopMessage ??= message;
    this.#effects.push({ type: 'stop', issuer: String(issuer), message });
  }

  stopWorkAsked(): boolean {
    return this.#stopMessage !== undefined;
  }

  getStopMessage(): string | undefined {
    return this.#stopMessage;
  }

  exceptionOccurred(issuer: string, message: string): void {
    this.#effects.push({ type: 'failed', issuer: String(issuer), message });
  }

  trace(issuer: string, message: string, printToConsole = false): void {
    this.#effects.push({ type: 'trace', issuer: String(issuer), message, toConsole: printToConsole });
  }
}
