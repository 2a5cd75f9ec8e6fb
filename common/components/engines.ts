import { z } from 'zod';
import type { ComponentArgs, ComponentSpec } from './component-spec.ts';
import { referenceArgument } from './reference-argument.ts';

const sharedArgs = {
  device: referenceArgument('accepted; the training runs on the devices that its process was given'),
  network: referenceArgument('the network: `@model`'),
  epoch_length: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('steps per epoch; null: one pass over the data'),
  non_blocking: z.boolean().default(false).describe('accepted; it makes no difference here'),
  prepare_batch: z.null().default(null).describe('only null: batches hold `image` and `label`'),
  iteration_update: z.null().default(null).describe('only null'),
  inferer: referenceArgument('how the network is applied: `@inferer`; default SimpleInferer'),
  postprocessing: referenceArgument('transforms of each prediction before the metrics: `@post_transforms`'),
  additional_metrics: referenceArgument('metrics beside the key metric: `@additional_metrics`'),
  metric_cmp_fn: z.null().default(null).describe('only null: a larger key metric is better'),
  amp: z.boolean().default(false).describe('mixed precision; ignored on a CPU'),
  event_names: z.null().default(null).describe('only null'),
  event_to_attr: z.null().default(null).describe('only null'),
  decollate: z.literal(true).default(true).describe('only true: transforms see one case at a time'),
} as const;

export const supervisedTrainerSpec = {
  kind: 'engine',
  name: 'SupervisedTrainer',
  aliases: [],
  summary: 'Trains a network on images and labels, epoch after epoch.',
  source: 'monai.engines.SupervisedTrainer (0.8.1)',
  args: z.strictObject({
    ...sharedArgs,
    max_epochs: z.int().positive().describe('epochs to train'),
    train_data_loader: referenceArgument('batches to train on: `@dataloader`'),
    optimizer: referenceArgument('`@optimizer`'),
    loss_function: referenceArgument('`@loss`'),
    key_train_metric: referenceArgument('metric of the training batches: `@key_metric`'),
    train_handlers: referenceArgument('`@handlers`, called in this order'),
    optim_set_to_none: z.boolean().default(false).describe('accepted; it makes no difference here'),
  }),
} satisfies ComponentSpec;

export const supervisedEvaluatorSpec = {
  kind: 'engine',
  name: 'SupervisedEvaluator',
  aliases: [],
  summary: 'Applies a network to whole cases and measures its predictions.',
  source: 'monai.engines.SupervisedEvaluator (0.8.1)',
  args: z.strictObject({
    ...sharedArgs,
    val_data_loader: referenceArgument('the cases: `@dataloader`'),
    key_val_metric: referenceArgument('the metric that decides which model is best: `@key_metric`'),
    val_handlers: referenceArgument('`@handlers`, called in this order'),
    mode: z.enum(['eval']).default('eval').describe('only eval: dropout off, running statistics used'),
  }),
} satisfies ComponentSpec;

export type SupervisedTrainerArgs = ComponentArgs<typeof supervisedTrainerSpec>;
export type SupervisedEvaluatorArgs = ComponentArgs<typeof supervisedEvaluatorSpec>;

export const engineSpecs: readonly ComponentSpec[] = [supervisedTrainerSpec, supervisedEvaluatorSpec];
