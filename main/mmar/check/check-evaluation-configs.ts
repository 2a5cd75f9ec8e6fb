import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Fault } from '../../../common/fault.ts';
import { checkComponents } from '../../../common/mmar/check-components.ts';
import type { ConfigSource } from '../../../common/mmar/config-source.ts';
import { resolveEvaluationConfig } from '../../../common/mmar/resolve-evaluation-config.ts';
import { findMissingUserCode, userComponentsOf } from './check-user-code.ts';
import { readMmarText } from './mmar-place.ts';

/** The evaluation configs that Clara's MMARs have. */
const EVALUATION_CONFIGS = ['config_validation.json', 'config_validation_ckpt.json', 'config_inference.json'];

/**
 * What is wrong with the evaluation configs that an MMAR has. It keeps nobody from training, so these are warnings;
 * whether the model is there is not looked at, since a training has yet to make it.
 */
export async function checkEvaluationConfigs(
  source: Omit<ConfigSource, 'config' | 'file'>,
): Promise<readonly Fault[]> {
  const { mmarRoot } = source;
  const files = EVALUATION_CONFIGS.map((name) => `config/${name}`).filter((file) =>
    existsSync(resolve(mmarRoot, file)),
  );
  const found = await Promise.all(files.map((file) => checkEvaluationConfig({ ...source, file })));
  return found.flat();
}

async function checkEvaluationConfig(source: Omit<ConfigSource, 'config'>): Promise<readonly Fault[]> {
  const { file, mmarRoot } = source;
  const text = await readMmarText(mmarRoot, file);
  const config = text.ok ? resolveEvaluationConfig({ ...source, config: text.value }) : text;
  if (!config.ok) return config.faults;
  const { section } = config.value;
  return [
    ...checkComponents(section, file),
    ...findMissingUserCode(mmarRoot, userComponentsOf(section), file),
  ];
}
