import type { Fault } from '../../common/fault.ts';
import type { JobProgress } from '../../common/run/progress.ts';
import type { CodeModules } from '../../common/user-code/import-gate.ts';
import type { UserComponents } from '../ports/user-code.ts';

/** What a component asked of its context during a call; the parent does it when the call has ended. */
export type ContextEffect =
  | { readonly type: 'set'; readonly key: string; readonly value: unknown }
  | { readonly type: 'stop'; readonly issuer: string; readonly message: string }
  | { readonly type: 'failed'; readonly issuer: string; readonly message: string }
  | {
      readonly type: 'trace';
      readonly issuer: string;
      readonly message: string;
      readonly toConsole: boolean;
    };

/** A context as the child sees it: a copy. */
export interface ContextSnapshot {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly stopMessage: string | undefined;
}

/** To the child. `call` numbers the request; every request but `abort` gets a reply. */
export type ToUserCode =
  | {
      readonly type: 'load';
      readonly call: number;
      readonly object: number;
      readonly kind: keyof UserComponents;
      /** Absolute path of the module. */
      readonly file: string;
      readonly className: string;
      readonly path: string;
      /** All that may be imported. */
      readonly code: CodeModules;
      readonly args: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: 'invoke';
      readonly call: number;
      readonly object: number;
      readonly method: string;
      readonly args: readonly unknown[];
      /** Given to the method before `args`. */
      readonly context?: ContextSnapshot;
    }
  /** The signal of the executor's job in that call. */
  | { readonly type: 'abort'; readonly call: number; readonly reason: string };

/** From the child. */
export type FromUserCode =
  | {
      readonly type: 'reply';
      readonly call: number;
      readonly value?: unknown;
      readonly fault?: Fault;
      readonly effects: readonly ContextEffect[];
    }
  | { readonly type: 'progress'; readonly call: number; readonly progress: JobProgress }
  | {
      readonly type: 'log';
      readonly call: number;
      readonly level: 'info' | 'warning' | 'error';
      readonly text: string;
    };

/** The methods that a component of a kind must have. */
export const requiredMethods: Readonly<Record<keyof UserComponents, readonly string[]>> = {
  controller: ['setSearchSpace', 'initialRecommendation', 'refineRecommendation'],
  executor: ['determineSearchSpace', 'execute'],
  handler: [],
};
