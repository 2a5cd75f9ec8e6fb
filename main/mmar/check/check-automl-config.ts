import { fail, type Fault, type Result } from '../../../common/fault.ts';
import { resolveAutomlConfig, type ResolvedAutomlConfig } from '../../../common/mmar/config-automl.ts';
import type { ConfigSource } from '../../../common/mmar/config-source.ts';
import { findMissingUserCode } from './check-user-code.ts';
import { readMmarText } from './mmar-place.ts';

/** Reads and checks a config_automl: components known, arguments right, the modules of user code there. */
export async function checkAutomlConfig(
  source: Omit<ConfigSource, 'config'>,
): Promise<{ readonly config: Result<ResolvedAutomlConfig>; readonly faults: readonly Fault[] }> {
  const { file, mmarRoot } = source;
  const text = await readMmarText(mmarRoot, file);
  const config = text.ok ? resolveAutomlConfig({ ...source, config: text.value }) : fail(...text.faults);
  if (!config.ok) return { config, faults: config.faults };
  const { controller, executor, handlers } = config.value;
  return { config, faults: findMissingUserCode(mmarRoot, [controller, executor, ...handlers], file) };
}

/** The train config that a search is about: `train_config_file` of its MMARHandler, in config/. */
export function trainConfigOf(config: ResolvedAutomlConfig): string {
  const handler = config.handlers.find(({ name, path }) => name === 'MMARHandler' && path === undefined);
  const file = handler?.args.train_config_file;
  return `config/${typeof file === 'string' ? file : 'config_train.json'}`;
}

/** True when the jobs are trained by this program's own trainer, whose components are known. */
export function trainsHere({ executor }: ResolvedAutomlConfig): boolean {
  return executor.path === undefined && executor.name === 'MMARExecutor';
}
