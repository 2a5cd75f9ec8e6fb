import { z } from 'zod';
import type { ComponentArgs, ComponentSpec } from './component-spec.ts';
import { referenceArgument } from './reference-argument.ts';

const params = referenceArgument("what to train: the network's parameters, `#@model.parameters()`");
const learningRate = z.number().positive();
const decayRate = z.number().min(0).lt(1);
const eps = z.number().min(0).default(1e-8).describe('added to the root of the second moment');
const betas = (first: number, second: number) =>
  z
    .tuple([decayRate, decayRate])
    .default([first, second])
    .describe('decay of the first and of the second moment per step, each from 0 up to but not including 1');
const weightDecay = (fallback: number) => z.number().min(0).default(fallback);
const amsgrad = z.boolean().default(false).describe('divide by the largest second moment so far');

export const adamSpec = {
  kind: 'optimizer',
  name: 'Adam',
  aliases: [],
  summary: 'Steps scaled by running averages of the gradient and of its square.',
  source: 'torch.optim.Adam; Kingma and Ba 2014, arXiv:1412.6980',
  args: z.strictObject({
    params,
    lr: learningRate.default(1e-3).describe('learning rate'),
    betas: betas(0.9, 0.999),
    eps,
    weight_decay: weightDecay(0).describe('added to the gradient, times the parameter'),
    amsgrad,
  }),
} satisfies ComponentSpec;

export const adamWSpec = {
  kind: 'optimizer',
  name: 'AdamW',
  aliases: [],
  summary: 'Adam whose weight decay acts on the parameters directly instead of through the gradient.',
  source: 'torch.optim.AdamW; Loshchilov and Hutter 2017, arXiv:1711.05101',
  args: z.strictObject({
    params,
    lr: learningRate.default(1e-3).describe('learning rate'),
    betas: betas(0.9, 0.999),
    eps,
    weight_decay: weightDecay(1e-2).describe('share of the parameter that is taken away per step, times lr'),
    amsgrad,
  }),
} satisfies ComponentSpec;

export const novogradSpec = {
  kind: 'optimizer',
  name: 'Novograd',
  aliases: [],
  summary: 'Steps along gradients normalised tensor by tensor, with one second moment per tensor.',
  source: 'monai.optimizers.Novograd (0.8.1); Ginsburg et al. 2019, arXiv:1905.11286',
  args: z.strictObject({
    params,
    lr: learningRate.default(1e-3).describe('learning rate'),
    betas: betas(0.9, 0.98),
    eps,
    weight_decay: weightDecay(0).describe('added to the normalised gradient, times the parameter'),
    grad_averaging: z
      .boolean()
      .default(false)
      .describe('weigh the newest gradient with 1 - betas[0] instead of 1'),
    amsgrad,
  }),
} satisfies ComponentSpec;

export const sgdSpec = {
  kind: 'optimizer',
  name: 'SGD',
  aliases: [],
  summary: 'Gradient descent, with momentum if wanted.',
  source: 'torch.optim.SGD',
  args: z
    .strictObject({
      params,
      lr: learningRate.describe('learning rate; it has no default'),
      momentum: z.number().min(0).default(0).describe('share of the last step that is kept'),
      dampening: z.number().default(0).describe('share of the new gradient that momentum leaves out'),
      weight_decay: weightDecay(0).describe('added to the gradient, times the parameter'),
      nesterov: z.boolean().default(false).describe('look ahead by one momentum step'),
    })
    .refine((args) => !args.nesterov || (args.momentum > 0 && args.dampening === 0), {
      path: ['nesterov'],
      message: 'nesterov needs a momentum above 0 and no dampening',
    }),
} satisfies ComponentSpec;

export type AdamArgs = ComponentArgs<typeof adamSpec>;
export type AdamWArgs = ComponentArgs<typeof adamWSpec>;
export type NovogradArgs = ComponentArgs<typeof novogradSpec>;
export type SgdArgs = ComponentArgs<typeof sgdSpec>;

export const optimizerSpecs: readonly ComponentSpec[] = [adamSpec, adamWSpec, novogradSpec, sgdSpec];
