import { z } from 'zod';
import type { ComponentArgs, ComponentSpec } from './component-spec.ts';

const reduction = z
  .enum(['mean', 'sum', 'none'])
  .default('mean')
  .describe('how the values become the loss; the trainer averages what none leaves');
const weight = z.number().min(0);

const target = {
  include_background: z
    .boolean()
    .default(true)
    .describe('count channel 0 as well; ignored for a single channel'),
  to_onehot_y: z
    .boolean()
    .default(false)
    .describe('the label holds class numbers; turn it into one channel per class'),
};

const activation = {
  sigmoid: z.boolean().default(false).describe("apply sigmoid to the network's output"),
  softmax: z.boolean().default(false).describe("apply softmax over the channels of the network's output"),
  other_act: z.null().default(null).describe('only null: a config cannot hold a function'),
};

const smoothing = {
  smooth_nr: z.number().min(0).default(1e-5).describe('added to the numerator'),
  smooth_dr: z.number().min(0).default(1e-5).describe('added to the denominator'),
};

const batch = z.boolean().default(false).describe('sum overlaps over the whole batch before dividing');

const dice = {
  ...target,
  ...activation,
  squared_pred: z.boolean().default(false).describe('square prediction and label in the denominator'),
  jaccard: z.boolean().default(false).describe('intersection over union instead of Dice'),
  reduction,
  ...smoothing,
  batch,
};

interface Activations {
  readonly sigmoid: boolean;
  readonly softmax: boolean;
}
const oneActivation = (args: Activations): boolean => !(args.sigmoid && args.softmax);
const oneActivationMessage = { path: ['softmax'], message: 'sigmoid and softmax exclude each other' };

const focalWeight = z
  .union([weight, z.array(weight)])
  .nullable()
  .default(null)
  .describe('factor per counted class, or one for all; without class 0 where the background does not count');
const gamma = z.number().min(0).default(2).describe('how much voxels that are right already are played down');
const lambda = (of: string) => z.number().min(0).default(1).describe(`weight of the ${of} part`);

export const diceLossSpec = {
  kind: 'loss',
  name: 'DiceLoss',
  aliases: ['Dice'],
  summary: 'One minus the Dice overlap of prediction and label, averaged over cases and classes.',
  source: 'monai.losses.DiceLoss (0.8.1); Milletari et al. 2016, arXiv:1606.04797',
  args: z.strictObject(dice).refine(oneActivation, oneActivationMessage),
} satisfies ComponentSpec;

export const diceCELossSpec = {
  kind: 'loss',
  name: 'DiceCELoss',
  aliases: ['dice_ce'],
  summary:
    'Dice loss plus cross entropy: learns faster than Dice alone and does not lose small classes so easily.',
  source: 'monai.losses.DiceCELoss (0.8.1)',
  args: z
    .strictObject({
      ...dice,
      reduction: z.enum(['mean', 'sum']).default('mean').describe('how the values of either part become one'),
      ce_weight: z.array(weight).nullable().default(null).describe('factor per class in the cross entropy'),
      lambda_dice: lambda('Dice'),
      lambda_ce: lambda('cross entropy'),
    })
    .refine(oneActivation, oneActivationMessage),
} satisfies ComponentSpec;

export const focalLossSpec = {
  kind: 'loss',
  name: 'FocalLoss',
  aliases: [],
  summary: 'Binary cross entropy per class on sigmoids, with the voxels that are right already played down.',
  source: 'monai.losses.FocalLoss (0.8.1); Lin et al. 2017, arXiv:1708.02002',
  args: z.strictObject({ ...target, gamma, weight: focalWeight, reduction }),
} satisfies ComponentSpec;

export const diceFocalLossSpec = {
  kind: 'loss',
  name: 'DiceFocalLoss',
  aliases: ['dice_focal'],
  summary: 'Dice loss plus focal loss.',
  source: 'monai.losses.DiceFocalLoss (0.8.1)',
  args: z
    .strictObject({
      ...dice,
      reduction: z.enum(['mean', 'sum']).default('mean').describe('how the values of either part become one'),
      gamma,
      focal_weight: focalWeight,
      lambda_dice: lambda('Dice'),
      lambda_focal: lambda('focal'),
    })
    .refine(oneActivation, oneActivationMessage),
} satisfies ComponentSpec;

export const generalizedDiceLossSpec = {
  kind: 'loss',
  name: 'GeneralizedDiceLoss',
  aliases: ['generalized_dice'],
  summary: 'Dice loss over all classes at once, with small classes weighted up.',
  source: 'monai.losses.GeneralizedDiceLoss (0.8.1); Sudre et al. 2017, arXiv:1707.03237',
  args: z
    .strictObject({
      ...target,
      ...activation,
      w_type: z
        .enum(['square', 'simple', 'uniform'])
        .default('square')
        .describe('weight of a class of size g: 1/g^2, 1/g or 1'),
      reduction,
      ...smoothing,
    })
    .refine(oneActivation, oneActivationMessage),
} satisfies ComponentSpec;

export const tverskyLossSpec = {
  kind: 'loss',
  name: 'TverskyLoss',
  aliases: [],
  summary: 'Dice loss with separate weights for false positives and false negatives.',
  source: 'monai.losses.TverskyLoss (0.8.1); Salehi et al. 2017, arXiv:1706.05721',
  args: z
    .strictObject({
      ...target,
      ...activation,
      alpha: weight.default(0.5).describe('weight of false positives'),
      beta: weight.default(0.5).describe('weight of false negatives'),
      reduction,
      ...smoothing,
      batch,
    })
    .refine(oneActivation, oneActivationMessage),
} satisfies ComponentSpec;

export type DiceLossArgs = ComponentArgs<typeof diceLossSpec>;
export type DiceCELossArgs = ComponentArgs<typeof diceCELossSpec>;
export type FocalLossArgs = ComponentArgs<typeof focalLossSpec>;
export type DiceFocalLossArgs = ComponentArgs<typeof diceFocalLossSpec>;
export type GeneralizedDiceLossArgs = ComponentArgs<typeof generalizedDiceLossSpec>;
export type TverskyLossArgs = ComponentArgs<typeof tverskyLossSpec>;

export const lossSpecs: readonly ComponentSpec[] = [
  diceLossSpec,
  diceCELossSpec,
  focalLossSpec,
  diceFocalLossSpec,
  generalizedDiceLossSpec,
  tverskyLossSpec,
];
