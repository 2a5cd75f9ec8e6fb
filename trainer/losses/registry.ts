import {
  diceCELossSpec,
  diceFocalLossSpec,
  diceLossSpec,
  focalLossSpec,
  generalizedDiceLossSpec,
  tverskyLossSpec,
} from '../../common/components/losses.ts';
import { createRegistry, registryEntry } from '../component-registry.ts';
import { createDiceCELoss } from './dice-cross-entropy.ts';
import { createDiceFocalLoss } from './dice-focal.ts';
import { createDiceLoss } from './dice.ts';
import { createFocalLoss } from './focal.ts';
import { createGeneralizedDiceLoss } from './generalized-dice.ts';
import type { Loss } from './loss.ts';
import { createTverskyLoss } from './tversky.ts';

/** Built-in losses by the names that configs use. */
export const lossRegistry = createRegistry<Loss, void>([
  registryEntry(diceLossSpec, createDiceLoss),
  registryEntry(diceCELossSpec, createDiceCELoss),
  registryEntry(focalLossSpec, createFocalLoss),
  registryEntry(diceFocalLossSpec, createDiceFocalLoss),
  registryEntry(generalizedDiceLossSpec, createGeneralizedDiceLoss),
  registryEntry(tverskyLossSpec, createTverskyLoss),
]);
