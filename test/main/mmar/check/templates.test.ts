import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../../common/fault.ts';
import { checkComponents } from '../../../../common/mmar/check-components.ts';
import { resolveAutomlConfig } from '../../../../common/mmar/config-automl.ts';
import { readEnvironment } from '../../../../common/mmar/environment.ts';
import { resolveEvaluationConfig } from '../../../../common/mmar/resolve-evaluation-config.ts';
import { concreteConfigs } from '../../../../main/mmar/check/concrete-configs.ts';
import { checkTrainConfig } from '../../../../main/mmar/check/check-train-config.ts';
import { listTemplates } from '../../../../main/mmar/template.ts';

const templates = await listTemplates();

describe.each(templates.map(({ name, folder }) => [name, folder]))('the template %s', (_name, folder) => {
  const read = (file: string): string => readFileSync(join(folder, 'config', file), 'utf8');
  const environment = unwrap(readEnvironment(read('environment.json'), 'environment.json'));
  const place = { environment, mmarRoot: '/mmar', joinPath: resolve };

  it('can be trained with every choice of its search', () => {
    const { configs, faults } = concreteConfigs(
      JSON.parse(read('config_train.json')),
      'config_train.json',
      environment,
    );
    expect(faults).toEqual([]);
    expect(configs.length).toBeGreaterThan(1);
    for (const { config } of configs) {
      expect(checkTrainConfig({ ...place, config, file: 'config_train.json' })).toMatchObject({
        faults: [],
        warnings: [],
      });
    }
  });

  it.each(['config_validation.json', 'config_inference.json'])('has a sound %s', (file) => {
    const { section } = unwrap(resolveEvaluationConfig({ ...place, config: read(file), file }));
    expect(checkComponents(section, file)).toEqual([]);
  });

  it('has a sound config_automl.json', () => {
    const file = 'config_automl.json';
    expect(resolveAutomlConfig({ ...place, config: read(file), file })).toMatchObject({ ok: true });
  });
});
