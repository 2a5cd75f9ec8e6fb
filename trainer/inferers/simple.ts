import type { Inferer } from './inferer.ts';

/** `monai.inferers.SimpleInferer` (0.8.1): the network on the whole input at once. */
export function createSimpleInferer(): Inferer {
  return { infer: (images, predict) => predict(images) };
}
