import { z } from 'zod';
import type { JobProgress } from '../../common/run/progress.ts';
import { trainerMessage, type TrainerMessage } from '../../common/trainer-protocol.ts';

const number = z.number().optional();
const count = z.int().nonnegative().optional();
const value = z.number().nullable();

/** What a site's own trainer may print as one line of JSON (docs/run-folder.md); all but the mark may be left out. */
const foreignLine = z
  .object({
    outerloop_progress: z.literal(1),
    epoch: count,
    epochs: count,
    iteration: count,
    iterations_per_epoch: count,
    loss: value.optional(),
    learning_rate: number,
    metrics: z.record(z.string(), value).optional(),
    per_class: z.record(z.string(), z.array(value)).optional(),
    key_metric: z.string().optional(),
    best_metric: number,
    best_epoch: count,
    seconds_left: number,
  })
  .transform((line): JobProgress => {
    const progress = {
      epoch: line.epoch,
      epochs: line.epochs,
      iteration: line.iteration,
      iterationsPerEpoch: line.iterations_per_epoch,
      loss: line.loss,
      learningRate: line.learning_rate,
      metrics: line.metrics,
      perClass: line.per_class,
      keyMetric: line.key_metric,
      bestMetric: line.best_metric,
      bestEpoch: line.best_epoch,
      secondsLeft: line.seconds_left,
    };
    return Object.fromEntries(Object.entries(progress).filter(([, item]) => item !== undefined));
  });

/**
 * What a line that a training command prints says of its progress: a message of our own trainer, or a site's
 * `{"outerloop_progress": 1, ...}`. Undefined for every other line.
 */
export function parseProgressLine(line: string): TrainerMessage | undefined {
  if (!/^\s*\{.*"(?:type|outerloop_progress)"/.test(line)) return undefined;
  const json = parseJson(line);
  const message = trainerMessage.safeParse(json);
  if (message.success) return message.data;
  const foreign = foreignLine.safeParse(json);
  return foreign.success ? { type: 'progress', progress: foreign.data } : undefined;
}

/** As Python writes it: NaN and Infinity are no numbers that JSON has. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line.replace(/:\s*(?:NaN|-?Infinity)\b/g, ':null'));
  } catch {
    return undefined;
  }
}
