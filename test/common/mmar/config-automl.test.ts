import { describe, expect, it } from 'vitest';
import { formatFault, unwrap } from '../../../common/fault.ts';
import type { JsonObject } from '../../../common/json.ts';
import { resolveAutomlConfig } from '../../../common/mmar/config-automl.ts';
import { sourceOf } from './load-config.ts';

const clara: JsonObject = {
  handlers: [
    {
      name: 'MMARHandler',
      args: {
        num_mmars_to_keep: 30,
        stop_threshold: 1.0,
        train_config_file: '{trainconf}',
        key_mmar_content_only: true,
        work_dir: '/runs',
      },
    },
    { name: 'StatsHandler' },
    { name: 'MMARStatsHandler', disabled: true },
    { path: 'myAutoMLController.MyHandler' },
  ],
  executor: { name: 'MMARExecutor', args: { msg_destination: 'file', remove_search_augs: true } },
  controller: { name: 'myController', path: 'myAutoMLController.RandomController', args: { max_rounds: 8 } },
};

describe('resolveAutomlConfig', () => {
  it("reads Clara's config", () => {
    const config = unwrap(
      resolveAutomlConfig({ ...sourceOf(clara), overrides: { trainconf: 'trn_autoML_Enum.json' } }),
    );
    expect(config.handlers.map(({ name }) => name)).toEqual(['MMARHandler', 'StatsHandler', 'MyHandler']);
    expect(config.handlers[0]?.args.train_config_file).toBe('trn_autoML_Enum.json');
    expect(config.executor).toMatchObject({ name: 'MMARExecutor', args: { remove_search_augs: true } });
    expect(config.controller).toMatchObject({
      path: 'myAutoMLController.RandomController',
      args: { max_rounds: 8 },
    });
  });

  it('trains config_train.json unless --set says otherwise', () => {
    expect(unwrap(resolveAutomlConfig(sourceOf(clara))).handlers[0]?.args.train_config_file).toBe(
      'config_train.json',
    );
  });

  it("knows Clara's controller", () => {
    const config = { ...clara, controller: { name: 'ReinforcementController', args: { max_rounds: 8 } } };
    expect(unwrap(resolveAutomlConfig(sourceOf(config))).controller.name).toBe('ReinforcementController');
  });

  it('collects what is wrong', () => {
    const result = resolveAutomlConfig(
      sourceOf({
        handlers: [{ name: 'MMARHandler', args: { num_mmars_to_keep: 0 } }, 3],
        executor: { name: 'MMARExecuter', args: { x: '{nothing}' } },
      }),
    );
    expect(result.ok ? [] : result.faults.map((fault) => formatFault(fault).split(' Allowed')[0])).toEqual([
      'config.json: executor.args.x: MMARExecuter.x: The variable {nothing} is not set.',
      'config.json: controller: The config has no controller.',
      'config.json: executor.name: MMARExecuter: There is no automl executor "MMARExecuter". Did you mean MMARExecutor?',
      'config.json: handlers[0].args.num_mmars_to_keep: MMARHandler.num_mmars_to_keep: 0 does not fit.',
      'config.json: handlers[1]: This is no component.',
    ]);
  });

  it('refuses handlers that are no list', () => {
    expect(resolveAutomlConfig(sourceOf({ ...clara, handlers: { name: 'StatsHandler' } }))).toMatchObject({
      faults: [{ code: 'schema', path: ['handlers'] }],
    });
  });

  it('reads what its runs are started with', () => {
    const engine = { workers: '{gpus}', max_job_run_time: 90, max_sys_run_time: 3600, job_poll_interval: 2 };
    const read = (json: JsonObject, overrides = {}) =>
      resolveAutomlConfig({ ...sourceOf({ ...clara, engine: json }), overrides });
    expect(unwrap(read(engine, { gpus: 1 })).engine).toEqual({
      workers: '1',
      maxJobRunTime: 90,
      maxSysRunTime: 3600,
      jobPollInterval: 2,
    });
    expect(unwrap(resolveAutomlConfig(sourceOf(clara))).engine).toEqual({});
    expect(read({ max_job_time: 3, max_sys_run_time: 0, workers: ['0'] })).toMatchObject({
      ok: false,
      faults: expect.arrayContaining([
        expect.objectContaining({ path: ['engine', 'max_sys_run_time'], file: 'config.json' }),
        expect.objectContaining({ path: ['engine', 'workers'] }),
        expect.objectContaining({ message: expect.stringContaining('max_job_run_time') as string }),
      ]) as unknown,
    });
  });
});
