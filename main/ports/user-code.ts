import type { JsonObject } from '../../common/json.ts';
import type { Controller } from '../controllers/controller.ts';
import type { Executor } from '../engine/executor.ts';
import type { Handler } from '../engine/handler.ts';

/** A component of the user's own, as `config_automl.json` names it by `path`. */
export interface UserComponent<Kind extends keyof UserComponents = keyof UserComponents> {
  readonly kind: Kind;
  /** `module.Class`, looked up in the MMAR's `custom/`. */
  readonly path: string;
  readonly args: JsonObject;
  /** Absolute path of the MMAR, or of a run's copy of its code. */
  readonly mmarRoot: string;
}

/** What a user's own component has to be. */
export interface UserComponents {
  readonly controller: Controller;
  readonly executor: Executor;
  readonly handler: Handler;
}

/**
 * Loads a trusted MMAR's own components. They live in a child process; what is returned talks to them, so every call
 * is asynchronous. A component that is missing or breaks is a FaultError (`user-code`).
 */
export interface UserCode {
  load<Kind extends keyof UserComponents>(component: UserComponent<Kind>): Promise<UserComponents[Kind]>;
  /** Ends the child process. */
  close(): Promise<void>;
}
