import { z } from 'zod';

/** Clara's score of a job that has no validation value. */
export const NO_SCORE = -1_000_000;

const metricValue = z
  .number()
  .nullable()
  .describe('null where the metric is undefined (e.g. a class that is in no label)');

/** One validation of the model. */
export const validationRecord = z.object({
  epoch: z.int(),
  metrics: z.record(z.string(), metricValue).describe('by log label, the key metric included'),
  per_class: z
    .record(z.string(), z.array(metricValue))
    .optional()
    .describe('per class, where a metric has classes'),
  first_class: z
    .record(z.string(), z.int())
    .optional()
    .describe('the class that the first value of per_class is about: 0, or 1 without the background'),
});

/** `models/train_stats.json`: what a training came to. AutoML reads its score from here. */
export const trainStats = z.object({
  outerloop_train_stats: z.literal(1),
  status: z.enum(['running', 'completed', 'failed', 'aborted', 'diverged']),
  reason: z.string().optional(),
  key_metric: z.string().optional(),
  best_metric: z
    .number()
    .default(NO_SCORE)
    .describe('best value of the key metric; -1000000 without validation'),
  best_epoch: z.int().optional(),
  epochs: z.int().describe('epochs completed'),
  max_epochs: z.int(),
  iterations: z.int().default(0),
  train_seconds: z.number().default(0),
  cpu_seconds: z.number().optional(),
  train: z.array(
    z.object({
      epoch: z.int(),
      loss: z.number(),
      learning_rate: z.number(),
      metrics: z.record(z.string(), metricValue).optional(),
    }),
  ),
  validation: z.array(validationRecord),
});

export type TrainStats = z.output<typeof trainStats>;
export type ValidationRecord = z.output<typeof validationRecord>;
