import { automlControllerSpecs } from './automl-controllers.ts';
import { automlExecutorSpecs, automlHandlerSpecs } from './automl.ts';
import type { ComponentKind, ComponentSpec } from './component-spec.ts';
import { dataLoaderSpecs, datasetSpecs } from './datasets.ts';
import { engineSpecs } from './engines.ts';
import { handlerSpecs } from './handlers.ts';
import { infererSpecs } from './inferers.ts';
import { lossSpecs } from './losses.ts';
import { lrSchedulerSpecs } from './lr-schedulers.ts';
import { metricSpecs } from './metrics.ts';
import { networkSpecs } from './networks.ts';
import { optimizerSpecs } from './optimizers.ts';
import { transformSpecs } from './transforms/index.ts';

/** Every built-in component that a config can name. */
export const componentSpecs: readonly ComponentSpec[] = [
  ...networkSpecs,
  ...lossSpecs,
  ...optimizerSpecs,
  ...lrSchedulerSpecs,
  ...transformSpecs,
  ...datasetSpecs,
  ...dataLoaderSpecs,
  ...infererSpecs,
  ...metricSpecs,
  ...handlerSpecs,
  ...engineSpecs,
  ...automlControllerSpecs,
  ...automlExecutorSpecs,
  ...automlHandlerSpecs,
];

/** Modules whose classes a config may name in full: `monai.transforms.LoadImaged`. */
const FRAMEWORK_PREFIX = /^(?:monai|ignite|torch|medl|automl)\.(?:\w+\.)*(?=\w+$)/;

const byKind = Map.groupBy(componentSpecs, ({ kind }) => kind);

/**
 * The built-in component of a name, an alias (`SaveImageD`) or a full name (`monai.transforms.SaveImaged`).
 *
 * @param kind looks among components of this kind alone: `StatsHandler` is a handler of the trainer and of AutoML
 */
export function findComponent(name: string, kind?: ComponentKind): ComponentSpec | undefined {
  const className = name.replace(FRAMEWORK_PREFIX, '');
  const specs = kind === undefined ? componentSpecs : (byKind.get(kind) ?? []);
  return (
    specs.find((spec) => spec.name === className) ?? specs.find((spec) => spec.aliases.includes(className))
  );
}

/** The names that configs may use for components of a kind, aliases included. */
export function componentNames(kind?: ComponentKind): readonly string[] {
  const specs = kind === undefined ? componentSpecs : (byKind.get(kind) ?? []);
  return specs.flatMap(({ name, aliases }) => [name, ...aliases]);
}

/** The arguments of the built-in component of a name; undefined for a component that is not known. */
export function findArgumentNames(name: string): readonly string[] | undefined {
  const spec = findComponent(name);
  return spec === undefined ? undefined : Object.keys(spec.args.shape);
}
