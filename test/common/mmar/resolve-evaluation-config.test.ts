import { describe, expect, it } from 'vitest';
import { formatFault, unwrap } from '../../../common/fault.ts';
import { componentOf } from '../../../common/mmar/resolved-config.ts';
import { resolveEvaluationConfig } from '../../../common/mmar/resolve-evaluation-config.ts';
import { editConfig, loadConfig, type EditableConfig } from './load-config.ts';

const resolve = (edit: (config: EditableConfig) => void) =>
  resolveEvaluationConfig(editConfig('validation-4.1', edit));

describe('resolveEvaluationConfig', () => {
  it('reads a flat config and chooses the model by the switches', () => {
    const config = unwrap(resolveEvaluationConfig(loadConfig('validation-4.1')));
    expect(config.model).toEqual({
      format: 'ckpt',
      path: '/mmar/models/model.pt',
      at: ['model', 1, 'ckpt_path'],
    });
    expect(config.section).not.toHaveProperty('model');
    expect(componentOf(config.section, 'evaluator')?.args.network).toMatchObject({
      kind: 'reference',
      name: 'model',
    });

    const exported = unwrap(
      resolveEvaluationConfig({
        ...loadConfig('validation-4.1'),
        overrides: {
          dont_load_ts_model: false,
          dont_load_ckpt_model: true,
          MMAR_TORCHSCRIPT: 'models/other.ts',
        },
      }),
    );
    expect(exported.model).toMatchObject({ format: 'ts', path: '/mmar/models/other.ts' });
  });

  it('takes a single model, and a network', () => {
    expect(unwrap(resolve((json) => (json.model = { ts_path: 'x.ts' }))).model).toMatchObject({
      format: 'ts',
      path: 'x.ts',
    });
    expect(unwrap(resolve((json) => (json.model = { name: 'UNet', args: {} }))).model).toMatchObject({
      format: 'network',
      node: { name: 'UNet' },
    });
  });

  it('wires 4.0 configs', () => {
    const config = unwrap(
      resolve((json) => {
        delete json.CLARA_TRAIN_VERSION;
        json.dataset.args = {};
        json.dataloader.args = {};
        json.evaluator = { name: 'SupervisedEvaluator' };
        json.post_transforms.pop();
        delete json.key_metric;
        json.metrics = [{ name: 'MeanDice', is_key_metric: true }, { name: 'Accuracy' }];
      }),
    );
    expect(config.dialect).toBe('4.0');
    expect(componentOf(config.section, 'evaluator')?.args).toMatchObject({
      val_data_loader: { name: 'dataloader' },
      network: { name: 'model' },
      key_val_metric: { name: 'key_metric' },
      additional_metrics: { name: 'additional_metrics' },
    });
  });

  it('refuses none and several models, and what is no model', () => {
    expect(resolve((json) => (json.dont_load_ckpt_model = true))).toMatchObject({
      faults: [{ code: 'no-alternative-enabled' }],
    });
    expect(resolve((json) => (json.dont_load_ts_model = false))).toMatchObject({
      faults: [{ code: 'several-alternatives-enabled' }],
    });
    expect(resolve((json) => (json.model = { file: 'x' }))).toMatchObject({
      faults: [{ code: 'schema', path: ['model'] }],
    });
  });

  it('collects what is missing and what is wrong', () => {
    const result = resolve((json) => {
      delete json.inferer;
      json.dataset.data_list_key = '{nokey}';
    });
    expect(result.ok ? [] : result.faults.map((fault) => formatFault(fault).split(' Allowed')[0])).toEqual([
      'validation-4.1.json: dataset.data_list_key: Dataset: The variable {nokey} is not set.',
      'validation-4.1.json: inferer: The config has no "inferer".',
    ]);
    expect(resolve((json) => (json.evaluator.args.inferer = '@infer'))).toMatchObject({
      faults: [{ code: 'unknown-reference', component: 'SupervisedEvaluator', argument: 'inferer' }],
    });
  });

  it('refuses 3.x', () => {
    expect(resolve((json) => (json.image_pipeline = { name: 'X' }))).toMatchObject({
      faults: [{ code: 'unsupported-dialect' }],
    });
  });
});
