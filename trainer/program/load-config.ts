import { FaultError, unwrap, type Fault } from '../../common/fault.ts';
import type { JsonObject } from '../../common/json.ts';
import { checkComponents } from '../../common/mmar/check-components.ts';
import type { ConfigSource } from '../../common/mmar/config-source.ts';
import { readEnvironment } from '../../common/mmar/environment.ts';
import { resolveEvaluationConfig } from '../../common/mmar/resolve-evaluation-config.ts';
import { resolveTrainConfig } from '../../common/mmar/resolve-train-config.ts';
import type {
  ConfigSection,
  ResolvedEvaluationConfig,
  ResolvedTrainConfig,
} from '../../common/mmar/resolved-config.ts';
import type { MmarFiles } from '../files/mmar-files.ts';
import type { ProgramOptions } from './arguments.ts';

/** @throws FaultError with everything that is wrong with the config or one of its components */
export function loadTrainConfig(files: MmarFiles, options: ProgramOptions): ResolvedTrainConfig {
  const config = unwrap(resolveTrainConfig(readSource(files, options)));
  requireSound([config.train, config.validate ?? {}], config.file);
  return config;
}

/** @throws FaultError with everything that is wrong with the config or one of its components */
export function loadEvaluationConfig(files: MmarFiles, options: ProgramOptions): ResolvedEvaluationConfig {
  const config = unwrap(resolveEvaluationConfig(readSource(files, options)));
  requireSound([config.section], config.file);
  return config;
}

/** The first-level flag `print_conf`: show the config as it is after substitution. */
export function wantsConfigPrinted({ settings }: ProgramOptions): boolean {
  return settings.values.print_conf === true || settings.values.print_conf === 1;
}

function readSource(files: MmarFiles, options: ProgramOptions): ConfigSource {
  const file = files.describe(options.config);
  return {
    config: files.readText(options.config),
    file,
    environment: readEnvironmentOf(files, options.environment),
    overrides: options.settings.values,
    mmarRoot: files.root,
    joinPath: (_root, path) => files.resolve(path),
  };
}

/** An MMAR may do without: then the variables have their defaults. */
export function readEnvironmentOf(files: MmarFiles, path: string): JsonObject {
  if (!files.exists(path)) return {};
  return unwrap(readEnvironment(files.readText(path), files.describe(path)));
}

function requireSound(sections: readonly ConfigSection[], file: string): void {
  const faults: readonly Fault[] = sections.flatMap((section) => checkComponents(section, file));
  if (faults.length > 0) throw new FaultError(...faults);
}
