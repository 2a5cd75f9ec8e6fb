/** What a context passes on: who asked to stop, what a component wants traced, what went wrong in it. */
export interface ContextListener {
  stopAsked(issuer: string, message: string): void;
  traced(issuer: string, message: string, toConsole: boolean): void;
  failed(issuer: string, message: string): void;
}

/**
 * The properties that the components of a run share, by Clara's names (common/run/context-key.ts). A job's context is
 * a child of the run's: it sees the parent's properties, and what it sets stays its own.
 */
export class Context {
  readonly #parent: Context | undefined;
  readonly #listener: ContextListener | undefined;
  readonly #properties = new Map<string, unknown>();
  #stopMessage: string | undefined;

  constructor(origin?: Context | ContextListener) {
    if (origin instanceof Context) this.#parent = origin;
    else this.#listener = origin;
  }

  /** The property here, else the parent's, else `fallback`. */
  getProp<T = unknown>(key: string): T | undefined;
  getProp<T = unknown>(key: string, fallback: T): T;
  getProp<T = unknown>(key: string, fallback?: T): T | undefined {
    if (this.#properties.has(key)) return this.#properties.get(key) as T;
    return this.#parent === undefined ? fallback : this.#parent.getProp(key, fallback as T);
  }

  setProp(key: string, value: unknown): void {
    this.#properties.set(key, value);
  }

  /** Everything that can be read here, the parents' properties included: for components in another process. */
  snapshot(): Record<string, unknown> {
    return { ...this.#parent?.snapshot(), ...Object.fromEntries(this.#properties) };
  }

  /**
   * Asks for the end of the run: nothing further is started and running jobs are aborted. The first request counts.
   * The run is then finished for good; it cannot be resumed.
   */
  stopWork(issuer: string, message: string): void {
    if (this.#parent !== undefined) this.#parent.stopWork(issuer, message);
    else if (this.#stopMessage === undefined) {
      this.#stopMessage = message;
      this.#listener?.stopAsked(issuer, message);
    }
  }

  stopWorkAsked(): boolean {
    return this.getStopMessage() !== undefined;
  }

  getStopMessage(): string | undefined {
    return this.#parent === undefined ? this.#stopMessage : this.#parent.getStopMessage();
  }

  /** Reports a failure that the component has survived; it is journalled. */
  exceptionOccurred(issuer: string, message: string): void {
    if (this.#parent === undefined) this.#listener?.failed(issuer, message);
    else this.#parent.exceptionOccurred(issuer, message);
  }

  /** Writes a line to the run's trace, and to the console too when asked. */
  trace(issuer: string, message: string, printToConsole = false): void {
    if (this.#parent === undefined) this.#listener?.traced(issuer, message, printToConsole);
    else this.#parent.trace(issuer, message, printToConsole);
  }
}
