import type { Fault } from '../../common/fault.ts';

/** What of an error can be shown: a sentence, and the faults where it carries some. */
export interface DescribedError {
  readonly summary: string;
  readonly faults: readonly Fault[];
}

/** Reads an RpcError, a FaultError, any Error, or whatever was thrown. */
export function describeError(error: unknown): DescribedError {
  const faults = readFaults(error);
  const first = faults[0];
  if (first !== undefined) {
    const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
    return { summary: `${first.file === undefined ? '' : `${first.file}: `}${first.message}${more}`, faults };
  }
  if (error instanceof Error && error.message !== '') return { summary: error.message, faults };
  return { summary: typeof error === 'string' ? error : 'An unexpected error', faults };
}

function readFaults(error: unknown): readonly Fault[] {
  if (typeof error !== 'object' || error === null || !('faults' in error)) return [];
  return Array.isArray(error.faults) ? (error.faults as readonly Fault[]) : [];
}
