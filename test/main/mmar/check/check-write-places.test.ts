import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkTiny, forSearch, removeTinyMmars, type TinyMmar } from './tiny-mmar.ts';

afterAll(removeTinyMmars);

const far = join(tmpdir(), 'outerloop-far');

function addSearch({ train }: TinyMmar): void {
  train.search = [{ args: ['learning_rate'], type: 'float', targets: [0.001, 0.01], domain: 'lr' }];
  train.train.optimizer.apply = { lr: 'learning_rate' };
}

function writeAway(mmar: TinyMmar): void {
  const { train, automl, environment } = mmar;
  addSearch(mmar);
  environment.OUT = join(far, 'models');
  train.train.handlers.push({
    name: 'CheckpointSaver',
    args: { save_dir: '{OUT}', save_dict: { model: '@model' } },
  });
  train.validate.post_transforms.push({ name: 'SaveImaged', args: { keys: 'pred', output_dir: '../masks' } });
  automl.handlers[0].args.work_dir = join(far, 'runs');
}

const places = (faults: readonly { code: string; file?: string; path?: readonly unknown[] }[]) =>
  faults.map(({ code, file, path }) => [code, file, path?.join('.')]);

const SEARCH = ['path-not-allowed', 'config/config_automl.json', 'handlers.0.args.work_dir'];
const TRAINING = [
  ['path-not-allowed', 'config/config_train.json', 'train.handlers.1.args.save_dir'],
  ['path-not-allowed', 'config/config_train.json', 'validate.post_transforms.2.args.output_dir'],
];

it('names every folder outside the MMAR that a training would write into', async () => {
  const { faults, lines } = await checkTiny(writeAway, { writeTo: [] });
  expect(places(faults)).toEqual(TRAINING);
  expect(lines[0]).toBe(
    'config/config_train.json: train.handlers[1].args.save_dir: CheckpointSaver.save_dir: ' +
      'The config would write outside the MMAR, into "models". ' +
      'Allowed: a path within the MMAR; or what "outerloop mmar write-to MMAR FOLDER" has allowed.',
  );
  // The user's disk is named to nobody.
  expect(lines.join()).not.toContain(tmpdir());
});

it('names those of a search too, each once', async () => {
  const { faults } = await checkTiny(writeAway, { ...forSearch, writeTo: [] });
  expect(places(faults)).toEqual([SEARCH, ...TRAINING]);
});

it('says nothing of what the user has allowed', async () => {
  const { faults } = await checkTiny(writeAway, { ...forSearch, writeTo: [far] });
  expect(places(faults)).toEqual(TRAINING.slice(1));
  expect((await checkTiny(addSearch, { ...forSearch, writeTo: [] })).faults).toEqual([]);
});
