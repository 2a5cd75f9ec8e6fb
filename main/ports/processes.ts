/** Which process it is: a pid is used again, so it takes the start time too. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in whatever form the machine says it; empty where it cannot be known. */
  readonly started: string;
  readonly host: string;
}

/** Knows the processes of this machine. */
export interface ProcessTable {
  identify(pid: number): ProcessIdentity | undefined;
  self(): ProcessIdentity;
}
