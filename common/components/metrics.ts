import { z } from 'zod';
import type { ComponentArgs, ComponentSpec } from './component-spec.ts';
import { referenceArgument } from './reference-argument.ts';

const outputTransform = referenceArgument(
  "what is compared: `#monai.handlers.from_engine(['pred', 'label'])` or `lambda x: (x['pred'], x['label'])`",
);

export const meanDiceSpec = {
  kind: 'metric',
  name: 'MeanDice',
  aliases: [],
  summary:
    'Dice overlap per case and class, averaged; a class that is not in the label of a case does not count there.',
  source: 'monai.handlers.MeanDice (0.8.1)',
  args: z.strictObject({
    include_background: z
      .boolean()
      .default(true)
      .describe('count class 0 as well, which makes scores look higher'),
    reduction: z
      .enum(['mean', 'mean_batch', 'sum', 'sum_batch', 'mean_channel', 'sum_channel'])
      .default('mean')
      .describe(
        'how cases and classes become one number; results with several numbers are averaged for the score',
      ),
    output_transform: outputTransform,
    save_details: z.boolean().default(true).describe('keep the values of every case, for MetricsSaver'),
  }),
} satisfies ComponentSpec;

export const accuracySpec = {
  kind: 'metric',
  name: 'Accuracy',
  aliases: [],
  summary:
    'Share of equal elements over all channels and voxels of one-hot prediction and label, over the whole epoch.',
  source: 'ignite.metrics.Accuracy (binary mode)',
  args: z.strictObject({
    output_transform: outputTransform,
    is_multilabel: z.literal(false).default(false).describe('only false'),
    device: referenceArgument('accepted; metrics are computed in main memory'),
  }),
} satisfies ComponentSpec;

export type MeanDiceArgs = ComponentArgs<typeof meanDiceSpec>;
export type AccuracyArgs = ComponentArgs<typeof accuracySpec>;

export const metricSpecs: readonly ComponentSpec[] = [meanDiceSpec, accuracySpec];
