import { z } from 'zod';
import type { ComponentArgs, ComponentSpec } from './component-spec.ts';
import { referenceArgument } from './reference-argument.ts';

const optimizer = referenceArgument('whose learning rate is changed, `@optimizer`');
const steps = z.int().positive();

export const stepLRSpec = {
  kind: 'lr_scheduler',
  name: 'StepLR',
  aliases: [],
  summary: 'Multiplies the learning rate by gamma every step_size epochs.',
  source: 'torch.optim.lr_scheduler.StepLR',
  args: z.strictObject({
    optimizer,
    step_size: steps.describe('epochs between two changes'),
    gamma: z.number().positive().default(0.1).describe('factor per change'),
  }),
} satisfies ComponentSpec;

export const polynomialLRSpec = {
  kind: 'lr_scheduler',
  name: 'PolynomialLR',
  aliases: [],
  summary: 'Lets the learning rate fall to 0 over total_iters epochs as (1 - epoch / total_iters) ^ power.',
  source: 'torch.optim.lr_scheduler.PolynomialLR',
  args: z.strictObject({
    optimizer,
    total_iters: steps.default(5).describe('epochs until the learning rate is 0; usually `{epochs}`'),
    power: z.number().positive().default(1).describe('1 for a straight line'),
  }),
} satisfies ComponentSpec;

export const reducePolySpec = {
  kind: 'lr_scheduler',
  name: 'ReducePoly',
  aliases: [],
  summary:
    "Polynomial decay by Clara 3's name: (1 - epoch / epochs) ^ poly_power, over all epochs of the training.",
  source: 'Clara Train 3.x lr_policy ReducePoly',
  args: z.strictObject({
    optimizer,
    poly_power: z.number().positive().default(0.9).describe('1 for a straight line'),
  }),
} satisfies ComponentSpec;

export const cosineAnnealingLRSpec = {
  kind: 'lr_scheduler',
  name: 'CosineAnnealingLR',
  aliases: [],
  summary: 'Lets the learning rate follow half a cosine from its start to eta_min over T_max epochs.',
  source: 'torch.optim.lr_scheduler.CosineAnnealingLR; Loshchilov and Hutter 2016, arXiv:1608.03983',
  args: z.strictObject({
    optimizer,
    T_max: steps.describe('epochs of the half period; usually `{epochs}`'),
    eta_min: z.number().min(0).default(0).describe('the lowest learning rate'),
  }),
} satisfies ComponentSpec;

export const exponentialLRSpec = {
  kind: 'lr_scheduler',
  name: 'ExponentialLR',
  aliases: [],
  summary: 'Multiplies the learning rate by gamma every epoch.',
  source: 'torch.optim.lr_scheduler.ExponentialLR',
  args: z.strictObject({ optimizer, gamma: z.number().positive().describe('factor per epoch') }),
} satisfies ComponentSpec;

export type StepLRArgs = ComponentArgs<typeof stepLRSpec>;
export type PolynomialLRArgs = ComponentArgs<typeof polynomialLRSpec>;
export type ReducePolyArgs = ComponentArgs<typeof reducePolySpec>;
export type CosineAnnealingLRArgs = ComponentArgs<typeof cosineAnnealingLRSpec>;
export type ExponentialLRArgs = ComponentArgs<typeof exponentialLRSpec>;

export const lrSchedulerSpecs: readonly ComponentSpec[] = [
  stepLRSpec,
  polynomialLRSpec,
  reducePolySpec,
  cosineAnnealingLRSpec,
  exponentialLRSpec,
];
