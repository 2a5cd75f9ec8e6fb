import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { NO_SCORE, trainStats } from '../../common/mmar/train-stats.ts';

/** What a job's train_stats.json says. */
export interface JobStats {
  /** Left out by a foreign trainer: then its exit code decides. */
  readonly status?: 'running' | 'completed' | 'failed' | 'aborted' | 'diverged';
  readonly score?: number;
  readonly reason?: string;
  readonly bestEpoch?: number;
  readonly epochs?: number;
}

/** What any trainer can write: the score, and more where it likes (docs/run-folder.md). */
const foreignStats = z.looseObject({
  best_metric: z.number().nullable(),
  status: trainStats.shape.status.optional(),
  reason: z.string().optional(),
  best_epoch: z.int().optional(),
  epochs: z.int().optional(),
});

/** Python writes NaN and Infinity, which JSON does not have. */
const NOT_A_NUMBER = /"best_metric"\s*:\s*(NaN|-?Infinity)/;

/** Reads the text of a train_stats.json, ours or a foreign trainer's; undefined when it is neither. */
export function parseJobStats(text: string): JobStats | undefined {
  const notANumber = NOT_A_NUMBER.exec(text);
  if (notANumber !== null) return { status: 'diverged', reason: `the best metric is ${notANumber[1]}` };
  const parsed = foreignStats.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const { best_metric: score, best_epoch: bestEpoch, ...stats } = parsed.data;
  const known = { status: stats.status, reason: stats.reason, epochs: stats.epochs, bestEpoch };
  return {
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
    ...(score === null || score === NO_SCORE ? {} : { score }),
  };
}

/** The stats of a job; undefined when there are none, or none that can be understood. */
export async function readJobStats(file: string): Promise<JobStats | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseJobStats(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
