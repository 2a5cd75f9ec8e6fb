import { simpleInfererSpec, slidingWindowInfererSpec } from '../../common/components/inferers.ts';
import { createRegistry, registryEntry } from '../component-registry.ts';
import type { Inferer } from './inferer.ts';
import { createSimpleInferer } from './simple.ts';
import { createSlidingWindowInferer } from './sliding-window.ts';

/** Built-in inferers by the names that configs use. */
export const infererRegistry = createRegistry<Inferer, void>([
  registryEntry(simpleInfererSpec, createSimpleInferer),
  registryEntry(slidingWindowInfererSpec, createSlidingWindowInferer),
]);
