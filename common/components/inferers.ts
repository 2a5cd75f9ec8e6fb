import { z } from 'zod';
import type { ComponentArgs, ComponentSpec } from './component-spec.ts';
import { referenceArgument } from './reference-argument.ts';

export const simpleInfererSpec = {
  kind: 'inferer',
  name: 'SimpleInferer',
  aliases: [],
  summary: 'Runs the network on the whole input at once.',
  source: 'monai.inferers.SimpleInferer (0.8.1)',
  args: z.strictObject({}),
} satisfies ComponentSpec;

export const slidingWindowInfererSpec = {
  kind: 'inferer',
  name: 'SlidingWindowInferer',
  aliases: [],
  summary: 'Runs the network on overlapping windows of the input and averages where they overlap.',
  source: 'monai.inferers.SlidingWindowInferer (0.8.1)',
  args: z.strictObject({
    roi_size: z
      .union([z.int(), z.array(z.int().nullable()).min(1).max(3)])
      .describe(
        'size of a window per axis; a number at or below 0, or null, stands for the size of the image',
      ),
    sw_batch_size: z.int().positive().default(1).describe('windows that go through the network at once'),
    overlap: z
      .number()
      .min(0)
      .lt(1)
      .default(0.25)
      .describe('share of a window that the next one covers again'),
    mode: z
      .enum(['constant', 'gaussian'])
      .default('constant')
      .describe('weights within a window: all the same, or falling from its centre'),
    sigma_scale: z
      .number()
      .positive()
      .default(0.125)
      .describe('for gaussian: standard deviation, as a share of the window'),
    padding_mode: z
      .enum(['constant', 'reflect', 'replicate', 'circular'])
      .default('constant')
      .describe('how an image smaller than the window is padded'),
    cval: z.number().default(0).describe('the value that constant padding has'),
    sw_device: referenceArgument('accepted; windows run where the training runs'),
    device: referenceArgument('accepted; results are put together in main memory'),
  }),
} satisfies ComponentSpec;

export type SlidingWindowInfererArgs = ComponentArgs<typeof slidingWindowInfererSpec>;

export const infererSpecs: readonly ComponentSpec[] = [simpleInfererSpec, slidingWindowInfererSpec];
