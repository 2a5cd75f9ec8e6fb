import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { NO_SCORE } from '../../common/mmar/train-stats.ts';
import type { JobProgress } from '../../common/run/progress.ts';
import type { Clock } from '../ports/clock.ts';

const value = z.number().nullable();

/** What of a train_stats.json tells how far a training is; ours has all of it, a foreign one what it likes. */
const growingStats = z.object({
  epochs: z.int().optional().catch(undefined),
  max_epochs: z.int().optional().catch(undefined),
  key_metric: z.string().optional().catch(undefined),
  best_metric: z.number().nullable().optional().catch(undefined),
  best_epoch: z.int().optional().catch(undefined),
  train: z
    .array(z.object({ loss: value.optional(), learning_rate: z.number().optional() }))
    .optional()
    .catch(undefined),
  validation: z
    .array(
      z.object({
        metrics: z.record(z.string(), value).optional(),
        per_class: z.record(z.string(), z.array(value)).optional(),
      }),
    )
    .optional()
    .catch(undefined),
});

/** How far a training is by the text of its train_stats.json; undefined when that is no JSON object. */
export function parseStatsProgress(text: string): JobProgress | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = growingStats.safeParse(json);
  if (!parsed.success) return undefined;
  const { train, validation, best_metric: best, ...stats } = parsed.data;
  const [epoch, measured] = [train?.at(-1), validation?.at(-1)];
  const progress = {
    epoch: stats.epochs,
    epochs: stats.max_epochs,
    loss: epoch?.loss,
    learningRate: epoch?.learning_rate,
    metrics: measured?.metrics,
    perClass: measured?.per_class,
    keyMetric: stats.key_metric,
    bestMetric: best === null || best === NO_SCORE ? undefined : best,
    bestEpoch: stats.best_epoch,
  };
  return Object.fromEntries(Object.entries(progress).filter(([, item]) => item !== undefined));
}

/**
 * Looks at a train_stats.json again and again, and tells what it says whenever it has changed: for a training that says
 * nothing else of its progress. Returns what ends it.
 */
export function watchStats(
  file: string,
  clock: Clock,
  intervalMs: number,
  report: (progress: JobProgress) => void,
): () => void {
  let before: string | undefined;
  let isOver = false;
  let cancel = (): void => undefined;
  const look = async (): Promise<void> => {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (isOver) return;
    const progress = text === undefined || text === before ? undefined : parseStatsProgress(text);
    // a file that is half written is read again
    if (progress !== undefined) {
      before = text;
      report(progress);
    }
    next();
  };
  const next = (): void => {
    cancel = clock.after(intervalMs, () => void look());
  };
  next();
  return () => {
    isOver = true;
    cancel();
  };
}
