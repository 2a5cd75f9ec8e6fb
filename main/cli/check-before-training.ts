import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseJsonObject } from '../../common/mmar/parse-json.ts';
import { parseSetArguments } from '../../common/mmar/set-arguments.ts';
import { checkMmar, type CheckReport } from '../mmar/check/check-mmar.ts';
import { readMmarText } from '../mmar/check/mmar-place.ts';

const NOTHING: CheckReport = { faults: [], warnings: [] };

/**
 * Checks configs, data list and images before a training starts, with the trainer's own options. What is wrong with the
 * options themselves is left to the trainer, which knows them all.
 *
 * @param args what follows `outerloop train`
 */
export async function checkBeforeTraining(args: readonly string[]): Promise<CheckReport> {
  const { mmar, config, env } = readOptions(args);
  const overrides = parseSetArguments(wordsOfSet(args));
  if (mmar === undefined || !overrides.ok) return NOTHING;
  return checkMmar(resolve(mmar), {
    trainConfig: config ?? 'config/config_train.json',
    overrides: overrides.value,
    ...(env === undefined ? {} : { environment: env }),
  });
}

/** The MMAR that the trainer's options name, absolute; undefined when they name none. */
export function findMmarOption(args: readonly string[]): string | undefined {
  const { mmar } = readOptions(args);
  return mmar === undefined ? undefined : resolve(mmar);
}

/** Where a training writes its models. */
export interface ModelFolder {
  /** Absolute path. */
  readonly folder: string;
  /** True when the command line names it; else a config does. */
  readonly isAsked: boolean;
}

/** Folders outside the MMAR that the trainer's options let configs write into, absolute. */
export function findWriteTo(args: readonly string[]): readonly string[] {
  return readOptions(args).writeTo.map((folder) => resolve(folder));
}

/** Where a training writes its models, by its environment and settings; undefined for no place that is known. */
export async function findModelFolder(args: readonly string[]): Promise<ModelFolder | undefined> {
  const { mmar, env = 'config/environment.json' } = readOptions(args);
  if (mmar === undefined) return undefined;
  const overrides = parseSetArguments(wordsOfSet(args));
  const text = await readMmarText(resolve(mmar), env);
  const environment = text.ok ? parseJsonObject(text.value, env) : text;
  const asked = overrides.ok ? overrides.value.texts.MMAR_CKPT_DIR : undefined;
  const folder = asked ?? (environment.ok ? environment.value.MMAR_CKPT_DIR : undefined);
  const place = typeof folder === 'string' && folder !== '' ? folder : 'models';
  return { folder: resolve(mmar, place), isAsked: asked !== undefined };
}

interface TrainOptions {
  readonly mmar: string | undefined;
  readonly config: string | undefined;
  readonly env: string | undefined;
  readonly writeTo: readonly string[];
}

function readOptions(args: readonly string[]): TrainOptions {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    options: {
      mmar: { type: 'string', short: 'm' },
      train_config: { type: 'string', short: 'c' },
      env: { type: 'string', short: 'e' },
      write_to: { type: 'string', multiple: true },
    },
  });
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const texts = (found: unknown): string[] =>
    Array.isArray(found) ? found.filter((item) => typeof item === 'string') : [];
  return {
    mmar: text(values.mmar),
    config: text(values.train_config),
    env: text(values.env),
    writeTo: texts(values.write_to),
  };
}

/** The words after each `--set`, up to the next option. */
function wordsOfSet(args: readonly string[]): string[] {
  let isSetting = false;
  return args.filter((word) => {
    if (word.startsWith('-')) isSetting = word === '--set';
    return isSetting && !word.startsWith('-');
  });
}
