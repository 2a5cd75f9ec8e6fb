import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { SetValue } from './set-arguments.ts';

/** Every variable by name. */
export type Variables = Readonly<Record<string, Json>>;

/** Joins a path onto a root as `path.resolve` does: an absolute path stays as it is. Given by whoever has a file system. */
export type JoinPath = (root: string, path: string) => string;

export interface VariableSources {
  /** The config file itself. */
  readonly config: JsonObject;
  readonly environment: JsonObject;
  /** What `--set` said. */
  readonly overrides: Readonly<Record<string, SetValue>>;
  readonly mmarRoot: string;
  readonly joinPath: JoinPath;
}

/** What a variable is when nobody sets it: the MMAR's own folders and Clara's names of data list keys. */
export const DEFAULT_VARIABLES: Variables = {
  MMAR_CKPT_DIR: 'models',
  MMAR_CKPT: 'models/model.pt',
  MMAR_TORCHSCRIPT: 'models/model.ts',
  MMAR_EVAL_OUTPUT_PATH: 'eval',
  TRAIN_DATALIST_KEY: 'training',
  VAL_DATALIST_KEY: 'validation',
  INFER_DATALIST_KEY: 'test',
  multi_gpu: false,
  use_gpu: true,
  amp: false,
  tf32: false,
  cudnn_benchmark: false,
  dont_load_ckpt_model: true,
  dont_load_ts_model: false,
};

/**
 * All variables with Clara's precedence: `--set`, environment.json, first-level primitives of the config (and
 * `determinism`), defaults. Names beginning with `MMAR_` are joined onto the MMAR's root, unless they come from the
 * config itself. `MMAR_ROOT` is the root.
 */
export function collectVariables(sources: VariableSources): Variables {
  const { config, environment, overrides, mmarRoot, joinPath } = sources;
  const join = (variables: Variables): Variables =>
    Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [
        name,
        name.startsWith('MMAR_') && typeof value === 'string' && value !== ''
          ? joinPath(mmarRoot, value)
          : value,
      ]),
    );
  return {
    ...join(DEFAULT_VARIABLES),
    MMAR_ROOT: mmarRoot,
    ...firstLevelVariables(config),
    ...join(environment),
    ...join(overrides),
  };
}

/** The first-level entries of a config that are variables: numbers, strings, booleans and `determinism`. */
export function firstLevelVariables(config: JsonObject): Variables {
  return Object.fromEntries(
    Object.entries(config).filter(
      ([name, value]) => isPrimitive(value) || (name === 'determinism' && isJsonObject(value)),
    ),
  );
}

const isPrimitive = (value: Json): boolean => ['number', 'string', 'boolean'].includes(typeof value);
