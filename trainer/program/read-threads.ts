import { FaultError } from '../../common/fault.ts';

/** Threads within an operator: what `OUTERLOOP_THREADS` says, else all cores. */
export function readThreads(setting: string | undefined, cores: number): number {
  if (setting === undefined || setting === '') return cores;
  const threads = Number(setting);
  if (Number.isInteger(threads) && threads > 0) return threads;
  throw new FaultError({
    code: 'usage',
    message: `OUTERLOOP_THREADS is "${setting}".`,
    argument: 'OUTERLOOP_THREADS',
    allowed: 'a whole number above 0',
  });
}
