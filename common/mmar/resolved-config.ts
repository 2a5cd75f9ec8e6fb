import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../json.ts';
import type { Expression } from './expressions.ts';

/** The three generations of Clara's train config. 3.x can be read, checked and searched, but not trained. */
export type Dialect = '4.1' | '4.0' | '3.x';

/** One enabled component of a config: a class by name, or a user's own by path, and what it is constructed with. */
export interface ComponentNode {
  readonly kind: 'component';
  /** Class name as the config writes it, without alias and framework prefix: `Spacingd`. */
  readonly name: string;
  /** `module.Class` of a user's own component (BYOC). */
  readonly path?: string;
  /** The part after `#` in `ScaleByResolution#ScaleImg`: a name for `ref`. */
  readonly alias?: string;
  readonly args: Readonly<Record<string, ConfigValue>>;
  /** Sibling keys that are no constructor arguments: rank, log_label, is_key_metric, data_list_key ... */
  readonly attributes: Readonly<Record<string, Json>>;
  /** Where the config defines it; for a `ref` that is the train section's component. */
  readonly at: JsonPath;
}

/** `"@name"`: the built object of a slot. See resolveReference for where the name is looked up. */
export interface ConfigReference {
  readonly kind: 'reference';
  readonly name: string;
  readonly at: JsonPath;
}

/** A Python expression, recognised by its form and never evaluated. */
export interface ConfigExpression {
  readonly kind: 'expression';
  readonly expression: Expression;
  readonly at: JsonPath;
}

/** An argument after substitution. */
export type ConfigValue =
  | null
  | boolean
  | number
  | string
  | readonly ConfigValue[]
  | ComponentNode
  | ConfigReference
  | ConfigExpression
  | { readonly [key: string]: ConfigValue };

/**
 * The slots of `train` or `validate` (`model`, `loss`, `pre_transforms` ...). Disabled components are gone, of
 * alternatives the enabled one is left, each `ref` is replaced by the component it names.
 */
export type ConfigSection = Readonly<Record<string, ComponentNode | readonly ComponentNode[]>>;

export type SectionName = 'train' | 'validate';

/** A train config with nothing left to look up but `@` references, in one form for all trainable dialects. */
export interface ResolvedTrainConfig {
  readonly dialect: Dialect;
  /** Name of the config file, for messages. */
  readonly file: string;
  /** Every variable that `{name}` could mean, after precedence. */
  readonly variables: Readonly<Record<string, Json>>;
  /** Present when the config asks for reproducible training. */
  readonly determinism?: { readonly randomSeed: number };
  readonly amp: boolean;
  readonly multiGpu: boolean;
  readonly useGpu: boolean;
  readonly tf32: boolean;
  readonly cudnnBenchmark: boolean;
  readonly train: ConfigSection;
  /** Absent where the config does not validate. */
  readonly validate?: ConfigSection;
  /** The whole document after substitution: what `@conf` and `print_conf` mean. */
  readonly json: JsonObject;
}

/** The model of an evaluation config: a file to load, exported (`ts_path`) or a checkpoint (`ckpt_path`), or a network. */
export type EvaluationModel =
  | { readonly format: 'ts' | 'ckpt'; readonly path: string; readonly at: JsonPath }
  | { readonly format: 'network'; readonly node: ComponentNode };

/** A flat config_validation or config_inference. */
export interface ResolvedEvaluationConfig {
  readonly dialect: Dialect;
  readonly file: string;
  readonly variables: Readonly<Record<string, Json>>;
  readonly amp: boolean;
  readonly multiGpu: boolean;
  readonly useGpu: boolean;
  readonly model: EvaluationModel;
  /** All slots but `model`. */
  readonly section: ConfigSection;
  readonly json: JsonObject;
}

export const isComponentNode = (value: unknown): value is ComponentNode => isKind(value, 'component');
export const isReference = (value: unknown): value is ConfigReference => isKind(value, 'reference');
export const isExpression = (value: unknown): value is ConfigExpression => isKind(value, 'expression');

// A node always says where it stands, which tells it from a plain object that happens to have a key `kind`.
function isKind(value: unknown, kind: string): boolean {
  return isJsonObject(value) && value.kind === kind && Array.isArray(value.at);
}

/** The slot as a list: empty where it is absent. */
export function componentsOf(section: ConfigSection | undefined, slot: string): readonly ComponentNode[] {
  const value = section?.[slot];
  if (value === undefined) return [];
  return isComponentNode(value) ? [value] : (value as readonly ComponentNode[]);
}

/** The one component of a slot; undefined where it is absent. */
export function componentOf(section: ConfigSection | undefined, slot: string): ComponentNode | undefined {
  return componentsOf(section, slot)[0];
}
