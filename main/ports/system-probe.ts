/** One figure about the machine. */
export interface SystemFigure {
  /** As MLflow names it, e.g. `system/cpu_utilization_percentage`. */
  readonly name: string;
  readonly value: number;
  /** True for what is counted since the probe was opened, and only grows. */
  readonly isCount?: true;
  /** The GPU that it is about, by its index; undefined for the machine. */
  readonly gpu?: string;
}

/** Measures how busy this machine is. */
export interface SystemProbe {
  /** The figures of now; those that this machine does not have are left out. Never rejects. */
  measure(): Promise<readonly SystemFigure[]>;
}
