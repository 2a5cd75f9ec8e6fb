import { segResNetSpec, unetSpec } from '../../common/components/networks.ts';
import { createRegistry, registryEntry } from '../component-registry.ts';
import type { Network } from './network.ts';
import { createSegResNet } from './segresnet.ts';
import { createUNet } from './unet.ts';

/** Built-in networks by the names that configs use. */
export const networkRegistry = createRegistry<Network, void>([
  registryEntry(unetSpec, createUNet),
  registryEntry(segResNetSpec, createSegResNet),
]);
