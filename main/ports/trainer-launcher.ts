import type { TrainerCommand, TrainerMessage } from '../../common/trainer-protocol.ts';

/** A process to be started for one job. */
export interface LaunchSpec {
  /** Absolute path of the module that Node runs; it speaks common/trainer-protocol.ts over IPC. */
  readonly entry: string;
  readonly args: readonly string[];
  /** Absolute path of the working folder: the job's MMAR. */
  readonly folder: string;
  /** Added to this process's environment; undefined removes a variable. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the file that gets stdout and stderr, appended. */
  readonly logFile: string;
  /** Absolute path of the file that says which process it is while it runs. */
  readonly pidFile: string;
}

/** How a process ended. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A running trainer. */
export interface RunningTrainer {
  readonly pid: number;
  /** Sends a command; one that cannot be delivered is dropped, since the exit says the rest. */
  post(command: TrainerCommand): void;
  /** What it says, in order; ends when the process has ended. Messages that are not of the protocol are left out. */
  readonly messages: AsyncIterable<TrainerMessage>;
  readonly exit: Promise<ProcessExit>;
  /** Ends the process and all its children: politely, and by force after `graceMs`. Settles when they are gone. */
  kill(graceMs: number): Promise<void>;
}

/** Starts the processes that train. */
export interface TrainerLauncher {
  launch(spec: LaunchSpec): Promise<RunningTrainer>;
  /**
   * Makes sure that the process of a pid file, left behind by a killed run, is gone: it gets `graceMs` to end by
   * itself (it has lost its channel), then it is killed. Does nothing when there is no such file or process.
   */
  reap(pidFile: string, graceMs: number): Promise<void>;
}
