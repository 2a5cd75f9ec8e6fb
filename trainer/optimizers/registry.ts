import { adamSpec, adamWSpec, novogradSpec, sgdSpec } from '../../common/components/optimizers.ts';
import { createRegistry, registryEntry } from '../component-registry.ts';
import { createAdam, createAdamW } from './adam.ts';
import { createNovograd } from './novograd.ts';
import type { Optimizer } from './optimizer.ts';
import { createSgd } from './sgd.ts';

/** Built-in optimizers by the names that configs use. */
export const optimizerRegistry = createRegistry<Optimizer, void>([
  registryEntry(adamSpec, createAdam),
  registryEntry(adamWSpec, createAdamW),
  registryEntry(novogradSpec, createNovograd),
  registryEntry(sgdSpec, createSgd),
]);
