import type { DeviceMemory } from '../device-memory.ts';
import type { Provider } from '../execution-provider.ts';
import type { MmarFiles } from '../files/mmar-files.ts';
import type { Reporter } from './reporter.ts';

/** What a command gets from the process that it runs in. */
export interface Host {
  readonly files: MmarFiles;
  readonly reporter: Reporter;
  /** Fires when the training is to stop. */
  readonly signal: AbortSignal;
  /** Threads within an operator. */
  readonly threads: number;
  /** What to compute on; throws a fault when it is not there. */
  readonly chooseProvider: (useGpu: boolean) => Provider;
  /** The memory that a provider computes in; undefined where it is not known. */
  readonly readMemory: (provider: Provider) => DeviceMemory | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Seconds since the process began: wall clock, and all threads together. */
  readonly elapsed: () => { readonly trainSeconds: number; readonly cpuSeconds: number };
  /** A seed for a training that names none: an integer in [0, 2^32). */
  readonly drawSeed: () => number;
}
