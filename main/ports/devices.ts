/** A GPU of this machine. */
export interface Device {
  /** What `workers=` and CUDA_VISIBLE_DEVICES call it: its index. */
  readonly id: string;
  readonly name: string;
  readonly memoryMib?: number;
}

/** Finds out what this machine can train on. */
export interface DeviceProbe {
  /** GPUs, by index; empty on a machine without. */
  listGpus(): Promise<readonly Device[]>;
  /** CPU cores that this process may use. */
  countCores(): number;
}
