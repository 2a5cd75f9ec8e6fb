/** What the program says to whoever started it. */
export const EXIT_CODE = { completed: 0, failed: 1, usage: 2, aborted: 3, diverged: 4 } as const;

export type ExitCode = (typeof EXIT_CODE)[keyof typeof EXIT_CODE];
