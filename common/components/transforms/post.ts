import { z } from 'zod';
import type { ComponentArgs } from '../component-spec.ts';
import { referenceArgument } from '../reference-argument.ts';
import { allowMissingKeys, keys, metaKeyArguments, perKey, transformSpec } from './arguments.ts';

const classCount = z.int().positive();

export const activationsSpec = transformSpec({
  name: 'Activationsd',
  summary: "Turns a network's numbers into probabilities.",
  args: z.strictObject({
    keys,
    sigmoid: perKey(z.boolean()).default(false).describe('each channel by itself'),
    softmax: perKey(z.boolean()).default(false).describe('over the channels, which then add up to 1'),
    other: z.null().optional().describe('a function in MONAI; not available here'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export const asDiscreteSpec = transformSpec({
  name: 'AsDiscreted',
  summary:
    'Makes hard decisions: the channel with the largest value, one channel per class, a threshold, rounding.',
  args: z.strictObject({
    keys,
    argmax: perKey(z.boolean()).default(false).describe('one channel with the number of the largest one'),
    to_onehot: perKey(z.union([classCount, z.boolean()]).nullable())
      .nullish()
      .describe('number of classes: a channel each, 1 where the value is the class; true means num_classes'),
    threshold: perKey(z.union([z.number(), z.boolean()]).nullable())
      .nullish()
      .describe('1 where the value is at least this, else 0; true means logit_thresh'),
    rounding: perKey(z.literal('torchrounding').nullable())
      .nullish()
      .describe('round to whole numbers, halves to even'),
    allow_missing_keys: allowMissingKeys,
    n_classes: perKey(classCount.nullable()).nullish().describe('the old name of num_classes'),
    num_classes: perKey(classCount.nullable()).nullish().describe('number of classes for to_onehot true'),
    logit_thresh: perKey(z.number()).default(0.5).describe('threshold for threshold_values true'),
    threshold_values: perKey(z.boolean()).default(false).describe('the old way to ask for a threshold'),
  }),
});

export const invertSpec = transformSpec({
  name: 'Invertd',
  summary:
    'Takes a prediction back to the grid of the file that the image came from, undoing the transforms one by one.',
  args: z.strictObject({
    keys,
    transform: referenceArgument(
      'in MONAI the transforms to undo; here the item knows what was applied to it',
    ),
    orig_keys: perKey(z.string()).describe('the image whose transforms are undone'),
    meta_keys: perKey(z.string().nullable())
      .nullish()
      .describe(
        'key that the metadata of the result goes to; by default key and meta_key_postfix joined by _',
      ),
    orig_meta_keys: perKey(z.string().nullable()).nullish().describe("key of the image's metadata"),
    meta_key_postfix: metaKeyArguments.meta_key_postfix,
    nearest_interp: perKey(z.boolean())
      .default(true)
      .describe('undo resampling with nearest; false for probabilities, with the mode that the image had'),
    to_tensor: perKey(z.boolean()).default(true).describe('accepted; the result is a tensor'),
    device: referenceArgument('accepted; data stays in main memory'),
    post_func: z.null().optional().describe('a function in MONAI; not available here'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export const keepLargestConnectedComponentSpec = transformSpec({
  name: 'KeepLargestConnectedComponentd',
  summary: 'Keeps the largest connected piece of each class and sets the rest to 0.',
  args: z.strictObject({
    keys,
    applied_labels: z
      .union([z.int().min(0), z.array(z.int().min(0)).min(1)])
      .describe('class numbers (channels of a one-hot image)'),
    is_onehot: z
      .boolean()
      .nullish()
      .describe('one channel per class; by default true for more than one channel'),
    independent: z.boolean().default(true).describe('each class by itself, or all of them as one'),
    connectivity: z
      .int()
      .min(1)
      .max(3)
      .nullish()
      .describe(
        'how voxels touch: 1 by faces, 2 by edges too, 3 by corners too; by default as many as there are axes',
      ),
    allow_missing_keys: allowMissingKeys,
  }),
});

export type ActivationsArgs = ComponentArgs<typeof activationsSpec>;
export type AsDiscreteArgs = ComponentArgs<typeof asDiscreteSpec>;
export type InvertArgs = ComponentArgs<typeof invertSpec>;
export type KeepLargestConnectedComponentArgs = ComponentArgs<typeof keepLargestConnectedComponentSpec>;
