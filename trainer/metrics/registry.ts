import { accuracySpec, meanDiceSpec } from '../../common/components/metrics.ts';
import { createRegistry, registryEntry } from '../component-registry.ts';
import { createAccuracy } from './accuracy.ts';
import { createMeanDice } from './mean-dice.ts';
import type { Metric } from './metric.ts';

/** Built-in metrics by the names that configs use. */
export const metricRegistry = createRegistry<Metric, void>([
  registryEntry(meanDiceSpec, createMeanDice),
  registryEntry(accuracySpec, createAccuracy),
]);
