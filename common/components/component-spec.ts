import type { z } from 'zod';

/** What a component is for; says which slot of a config may hold it. */
export type ComponentKind =
  | 'network'
  | 'loss'
  | 'optimizer'
  | 'lr_scheduler'
  | 'transform'
  | 'dataset'
  | 'dataloader'
  | 'inferer'
  | 'metric'
  | 'handler'
  | 'engine'
  | 'automl_controller'
  | 'automl_executor'
  | 'automl_handler';

/**
 * What a config may say about one built-in component: the single source of its argument types, defaults, checks and
 * documentation, for the trainer, the checker, the search space and the editor alike.
 */
export interface ComponentSpec<Args extends z.ZodObject = z.ZodObject> {
  readonly kind: ComponentKind;
  /** The class name that configs use, e.g. `Spacingd`. */
  readonly name: string;
  /** Other spellings that mean the same, e.g. `SpacingD`, `SpacingDict`. */
  readonly aliases: readonly string[];
  /** One or two sentences: what it does. */
  readonly summary: string;
  /** Where its behaviour is defined, e.g. `monai.transforms.Spacingd (0.8.1)`. */
  readonly source: string;
  /** Constructor arguments; each with `.describe(...)` and, where it has one, `.default(...)`. Strict: no others. */
  readonly args: Args;
  /** True for a transform that draws random numbers (ends the deterministic prefix that CacheDataset caches). */
  readonly random?: boolean;
}

/** The arguments of a component after parsing: defaults filled in. */
export type ComponentArgs<Spec extends ComponentSpec> = z.output<Spec['args']>;
