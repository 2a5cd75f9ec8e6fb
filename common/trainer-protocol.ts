import { z } from 'zod';
import type { Fault } from './fault.ts';
import { jobProgress } from './run/progress.ts';

/** Version of the messages below; a trainer says it first. */
export const TRAINER_PROTOCOL = 1;

const metricValue = z.number().nullable();

/** From a trainer to whoever started it: one message per event, over IPC or as JSON lines. */
export const trainerMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    protocol: z.literal(TRAINER_PROTOCOL),
    pid: z.int(),
    provider: z.string(),
  }),
  z.object({
    type: z.literal('started'),
    epochs: z.int(),
    firstEpoch: z.int().describe('1, or later when a checkpoint is resumed'),
    iterationsPerEpoch: z.int(),
    parameters: z.int().describe('trainable numbers in the network'),
  }),
  z.object({
    type: z.literal('iteration'),
    epoch: z.int(),
    iteration: z.int().describe('1-based within the epoch'),
    loss: z.number(),
    learningRate: z.number(),
  }),
  z.object({
    type: z.literal('epoch'),
    epoch: z.int(),
    loss: z.number(),
    metrics: z.record(z.string(), metricValue),
    secondsPerEpoch: z.number(),
    secondsLeft: z.number(),
  }),
  z.object({
    type: z.literal('validation'),
    epoch: z.int(),
    metrics: z.record(z.string(), metricValue),
    perClass: z.record(z.string(), z.array(metricValue)),
    keyMetric: z.string(),
    bestMetric: z.number(),
    bestEpoch: z.int(),
  }),
  z.object({ type: z.literal('progress'), progress: jobProgress }).describe("of a site's own trainer"),
  z.object({ type: z.literal('log'), level: z.enum(['info', 'warning', 'error']), text: z.string() }),
  z.object({
    type: z.literal('finished'),
    status: z.enum(['completed', 'failed', 'aborted', 'diverged']),
    bestMetric: z.number(),
    reason: z.string().optional(),
    faults: z.array(z.custom<Fault>()).optional(),
  }),
]);

export type TrainerMessage = z.output<typeof trainerMessage>;

/** From whoever started a trainer to it. Answered between two steps. */
export const trainerCommand = z.discriminatedUnion('type', [
  z
    .object({ type: z.literal('abort'), reason: z.string() })
    .describe('stop after this step, keep a checkpoint'),
]);

export type TrainerCommand = z.output<typeof trainerCommand>;
