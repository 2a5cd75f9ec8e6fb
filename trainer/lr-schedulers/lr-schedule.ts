/** The learning rate after that many epochs have been completed: 0 for the first epoch. A pure function. */
export type LrSchedule = (epochsCompleted: number) => number;

/** What a schedule needs to know beyond its own arguments. */
export interface LrScheduleContext {
  /** The optimizer's learning rate. */
  readonly learningRate: number;
  /** Epochs that the whole training has. */
  readonly epochs: number;
}
