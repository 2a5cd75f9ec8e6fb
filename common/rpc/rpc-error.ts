import type { Fault } from '../fault.ts';
import type { RpcErrorBody, RpcErrorCode } from './frame.ts';

/** Why a call failed, as the window sees it. */
export class RpcError extends Error {
  readonly code: RpcErrorCode;
  /** What is wrong, when the failure was an expected one. */
  readonly faults: readonly Fault[];
  /** Finds the defect in the program's log, when it was not. */
  readonly correlation: string | undefined;

  constructor({ code, message, faults = [], correlation }: RpcErrorBody) {
    super(message);
    this.name = 'RpcError';
    this.code = code;
    this.faults = faults;
    this.correlation = correlation;
  }
}
