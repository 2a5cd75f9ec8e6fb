/** The parts of a job's name `W<worker>_<workerJob>_J<number>`, all counted from 1. */
export interface JobNameParts {
  readonly worker: number;
  /** The how-manieth job of that worker. */
  readonly workerJob: number;
  /** The how-manieth job of the run. */
  readonly number: number;
}

/** `W1_2_J3`: the second job of worker 1, the third of the run. */
export function formatJobName({ worker, workerJob, number }: JobNameParts): string {
  return `W${worker}_${workerJob}_J${number}`;
}

/** The parts of a job's name; undefined for anything else. */
export function parseJobName(name: string): JobNameParts | undefined {
  const match = /^W([1-9]\d*)_([1-9]\d*)_J([1-9]\d*)$/.exec(name);
  if (match === null) return undefined;
  return { worker: Number(match[1]), workerJob: Number(match[2]), number: Number(match[3]) };
}
