import type { Fault } from '../../common/fault.ts';
import type { JobResult } from '../engine/executor.ts';
import type { ProcessExit } from '../ports/trainer-launcher.ts';
import type { JobStats } from './read-train-stats.ts';

/** How a training went, as seen from outside. */
export interface TrainingEnd {
  readonly exit: ProcessExit;
  /** What the trainer said last of why it did not complete. */
  readonly lastError?: string;
  readonly faults?: readonly Fault[];
  /** Set when it was killed for silence. */
  readonly idleSeconds?: number;
  readonly wasAborted: boolean;
}

/**
 * The result of a job: what its train_stats.json says counts first, since it is written when the model is; then how the
 * process ended.
 *
 * @param statsFile what a reason calls the file
 */
export function judgeJob(stats: JobStats | undefined, end: TrainingEnd, statsFile: string): JobResult {
  const { exit, lastError, faults } = end;
  const found = describeStats(stats);
  const details = {
    exitCode: exit.code,
    ...(faults === undefined || faults.length === 0 ? {} : { faults }),
  };
  const isCompleted =
    stats?.status === 'completed' || (stats !== undefined && stats.status === undefined && exit.code === 0);
  if (isCompleted) return { status: 'completed', ...found, ...details };
  if (stats?.status === 'diverged')
    return {
      status: 'diverged',
      ...details,
      ...withoutScore(found),
      reason: stats.reason ?? 'the loss became NaN or infinite',
    };
  if (end.idleSeconds !== undefined)
    return {
      status: 'timeout',
      ...found,
      ...details,
      reason: `no sign of life for ${end.idleSeconds} seconds`,
    };
  if (end.wasAborted) return { status: 'aborted', ...found, ...details };
  const reason = stats?.reason ?? lastError ?? describeExit(exit, stats, statsFile);
  return { status: 'failed', ...withoutScore(found), ...details, reason };
}

/** The result of a job whose folder holds it already; undefined when it has to be run. */
export function adoptResult(stats: JobStats | undefined): JobResult | undefined {
  if (stats?.status === 'completed') return { status: 'completed', ...describeStats(stats), adopted: true };
  if (stats?.status === 'diverged')
    return {
      status: 'diverged',
      ...withoutScore(describeStats(stats)),
      reason: stats.reason ?? 'the loss became NaN or infinite',
      adopted: true,
    };
  return undefined;
}

type Found = Pick<JobResult, 'score' | 'bestEpoch' | 'epochs'>;

function describeStats(stats: JobStats | undefined): Found {
  const { score, bestEpoch, epochs } = stats ?? {};
  return {
    ...(score === undefined ? {} : { score }),
    ...(bestEpoch === undefined ? {} : { bestEpoch }),
    ...(epochs === undefined ? {} : { epochs }),
  };
}

function withoutScore({ score: _score, ...found }: Found): Found {
  return found;
}

function describeExit({ code, signal }: ProcessExit, stats: JobStats | undefined, statsFile: string): string {
  if (signal === 'SIGKILL')
    return 'the training was ended by SIGKILL, as the system does when memory runs out; see log.txt';
  if (signal !== null) return `the training was ended by ${signal}; see log.txt`;
  if (code !== 0) return `the training ended with exit code ${code}; see log.txt`;
  const problem = stats === undefined ? 'a readable' : 'a final';
  return `the training ended without writing ${problem} ${statsFile}`;
}
