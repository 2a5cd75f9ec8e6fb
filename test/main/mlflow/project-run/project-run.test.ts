import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SearchParameter } from '../../../../common/search-space/search-space.ts';
import { describeDataSets } from '../../../../main/mlflow/project-run/data-set-input.ts';
import { nameByProject } from '../../../../main/mlflow/project-run/experiment-name.ts';
import { flattenConfig } from '../../../../main/mlflow/project-run/flatten-config.ts';
import { metricsOfProgress } from '../../../../main/mlflow/project-run/job-metrics.ts';
import { readScalars } from '../../../../main/mlflow/project-run/tensorboard-scalars.ts';
import {
  asTrackedKey,
  makeDistinctKeys,
  nameSearchParams,
} from '../../../../main/mlflow/project-run/tracked-names.ts';
import { EventWriter } from '../../../../trainer/tensorboard/event-writer.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outerloop-project-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const float = (prl: string, arg: string): SearchParameter => ({
  prl,
  domain: 'x',
  type: 'float',
  args: [arg],
  conditions: [],
  min: 0,
  max: 1,
  log: false,
});

describe('names of params', () => {
  it('say the component and the argument', () => {
    const prls = ['transform.float.train.pre_transforms.#8$0:prob', 'lr.float.$0:learning_rate'];
    const names = nameSearchParams({
      parameters: [float(prls[0]!, 'prob'), float(prls[1]!, 'learning_rate')],
    });
    expect([...names]).toEqual([
      [prls[0], ['search/train.pre_transforms.8/prob']],
      [prls[1], ['search/learning_rate']],
    ]);
  });

  it('never collide, not even when two items set the same argument', () => {
    const parameters = [
      float('a.float.train.loss$0:x', 'x'),
      float('b.float.train.loss$1:x', 'x'),
      float('c.float.$0:y', 'y'),
    ];
    const names = [...nameSearchParams({ parameters }).values()].flat();
    expect(names).toEqual([
      'search/train.loss/x/a.float.train.loss_0_x',
      'search/train.loss/x/b.float.train.loss_1_x',
      'search/y',
    ]);
    const cut = makeDistinctKeys(['a:b', 'a;b', 'c', 'x'.repeat(300), `${'x'.repeat(300)}y`]);
    expect(new Set(cut).size).toBe(5);
    expect(cut[2]).toBe('c');
    for (const key of cut) expect(key.length).toBeLessThanOrEqual(250);
  });

  it('are such as every MLflow takes', () => {
    expect(asTrackedKey('a$0:b/../c//d e')).toBe('a_0_b/_/c/d e');
    expect(asTrackedKey('/x')).toBe('x');
  });
});

describe('a config as params', () => {
  it('has its variables filled in, and nothing of what is disabled or searched', () => {
    const config = {
      lr: 0.1,
      search: [{ domain: 'lr' }],
      train: {
        loss: [
          { name: 'A', disabled: true },
          {
            name: 'B',
            args: { sizes: [1, 2], lr: '{lr}', root: '{DATA_ROOT}/x', dir: '{MMAR_CKPT_DIR}' },
            apply: { x: 'y' },
          },
        ],
      },
    };
    const params = flattenConfig(
      JSON.stringify(config),
      { DATA_ROOT: '/nas/data', MMAR_CKPT_DIR: 'models' },
      '/mmar',
    );
    expect(Object.fromEntries(params.map(({ key, value }) => [key, value]))).toEqual({
      'config/lr': '0.1',
      'config/train/loss/2/name': 'B',
      'config/train/loss/2/args/sizes': '[1,2]',
      'config/train/loss/2/args/lr': '0.1',
      'config/train/loss/2/args/root': '/nas/data/x',
      'config/train/loss/2/args/dir': 'models',
    });
    expect(flattenConfig('{', {}, '/mmar')).toEqual([]);
  });
});

describe('an event file', () => {
  const write = (count: number): string => {
    const writer = new EventWriter({ folder, describedAs: 'models', now: () => 5000 });
    for (let step = 1; step <= count; step++) writer.scalar('loss', step / 4, step);
    writer.close();
    return join(folder, readdirSync(folder)[0]!);
  };

  it('is read to the last whole record, and on from there', async () => {
    const file = write(3);
    const whole = readFileSync(file);
    for (const cut of [1, 5, 20]) {
      writeFileSync(file, whole.subarray(0, whole.length - cut));
      const first = await readScalars(file);
      expect(first.scalars.map(({ step }) => step)).toEqual([1, 2]);
      appendFileSync(file, whole.subarray(whole.length - cut));
      const rest = await readScalars(file, first.offset);
      expect(rest.scalars).toEqual([{ tag: 'loss', value: 0.75, step: 3, wallTimeSeconds: 5 }]);
      expect(rest.offset).toBe(whole.length);
    }
  });

  it('that is damaged is read up to the damage', async () => {
    const file = write(3);
    const bytes = readFileSync(file);
    const { offset } = await readScalars(file);
    expect(offset).toBe(bytes.length);
    bytes.fill(0xff, bytes.length - 40);
    writeFileSync(file, bytes);
    expect((await readScalars(file)).scalars.length).toBeLessThan(3);
  });

  it('larger than what is read at a time is read whole', async () => {
    const file = write(120_000);
    const { scalars } = await readScalars(file);
    expect(scalars).toHaveLength(120_000);
    expect(scalars.at(-1)!.step).toBe(120_000);
  });
});

describe('what else is told', () => {
  it('are losses by iteration and metrics by epoch, where there is no event file', () => {
    const before = { epoch: 1, iterationsPerEpoch: 10 };
    expect(
      metricsOfProgress({ epoch: 2, iteration: 3, loss: null, metrics: { dice: 0.5, acc: null } }, before, 7),
    ).toEqual([
      { key: 'train_loss', value: NaN, step: 13, timestamp: 7 },
      { key: 'dice', value: 0.5, step: 2, timestamp: 7 },
    ]);
  });

  it("is the seed's name of an experiment", () => {
    expect(nameByProject('/claraDevDay/AutoML/MMARs/spleen')).toBe('AMAutoML');
    expect(nameByProject('C:\\x\\prj\\MMARs\\spleen')).toBe('AMprj');
    expect(nameByProject('/home/x/spleen')).toBeUndefined();
  });

  it('is the data list by digest and counts, without a path', async () => {
    writeFileSync(
      join(folder, 'list.json'),
      '{"training": [{"image": "secret.nii"}, "b.nii"], "val": [{"image": "c.nii"}]}',
    );
    const inputs = await describeDataSets({ DATASET_JSON: 'list.json', VAL_DATALIST_KEY: 'val' }, folder);
    expect(inputs.map(({ dataset }) => [dataset.name, dataset.profile])).toEqual([
      ['data-list/training', '{"num_cases":2}'],
      ['data-list/val', '{"num_cases":1}'],
    ]);
    expect(JSON.stringify(inputs)).not.toMatch(/secret|list\.json/);
    await expect(describeDataSets({ DATASET_JSON: 'gone.json' }, folder)).resolves.toEqual([]);
    await expect(describeDataSets({}, folder)).resolves.toEqual([]);
  });
});
