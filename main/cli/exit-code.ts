/** What a command says to the shell. */
export const EXIT = {
  ok: 0,
  /** The work failed, or a check found errors. */
  failed: 1,
  /** The command line itself was wrong. */
  usage: 2,
  /** Stopped by the user; it can be resumed. */
  aborted: 3,
  /** A training diverged. */
  diverged: 4,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** How a command hands its exit code to the program. */
export type SetExitCode = (code: number) => void;
