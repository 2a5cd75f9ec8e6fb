import { expect, it } from 'vitest';
import { resultsApi } from '../../../common/api/results.ts';
import { runsApi } from '../../../common/api/runs.ts';

const run = { mmar: 'mmar0001', run: 'run1' };
const outside = ['..', '.', '../other', 'a/b', 'a\\b', '', 'a\0b'];

it.each(outside)('no call about runs leads out of the folder of a run: %j', (name) => {
  const refused = [
    runsApi.watch.input.safeParse({ ...run, run: name }),
    runsApi.remove.input.safeParse({ ...run, run: name }),
    runsApi.log.input.safeParse({ ...run, job: name }),
    runsApi.curves.input.safeParse({ ...run, jobs: [name] }),
    runsApi.abortJob.input.safeParse({ ...run, job: name }),
    runsApi.plan.input.safeParse({ mmar: run.mmar, automlConf: name }),
    resultsApi.compare.input.safeParse({ ...run, jobs: ['W1_1_J1', name] }),
    resultsApi.evaluate.input.safeParse({ ...run, job: name }),
    resultsApi.makeDefault.input.safeParse({ ...run, job: name, digest: '' }),
  ];
  expect(refused.filter(({ success }) => success)).toEqual([]);
});

it('names of runs and jobs as they are made are taken', () => {
  expect(runsApi.log.input.safeParse({ ...run, job: 'W1_1_J1' }).success).toBe(true);
  expect(runsApi.plan.input.safeParse({ mmar: run.mmar, automlConf: 'config_automl_2.json' }).success).toBe(
    true,
  );
});
