import {
  cosineAnnealingLRSpec,
  exponentialLRSpec,
  polynomialLRSpec,
  reducePolySpec,
  stepLRSpec,
} from '../../common/components/lr-schedulers.ts';
import { createRegistry, registryEntry } from '../component-registry.ts';
import { createCosineAnnealingSchedule } from './cosine-annealing.ts';
import { createExponentialSchedule } from './exponential.ts';
import { createPolynomialSchedule, createReducePolySchedule } from './polynomial.ts';
import { createStepSchedule } from './step.ts';

/** Built-in learning rate schedules by the names that configs use. */
export const lrSchedulerRegistry = createRegistry([
  registryEntry(stepLRSpec, createStepSchedule),
  registryEntry(polynomialLRSpec, createPolynomialSchedule),
  registryEntry(reducePolySpec, createReducePolySchedule),
  registryEntry(cosineAnnealingLRSpec, createCosineAnnealingSchedule),
  registryEntry(exponentialLRSpec, createExponentialSchedule),
]);
