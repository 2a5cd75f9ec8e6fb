import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readTorchFile } from '../../../trainer/checkpoint/torch-file.ts';
import type { TorchValue } from '../../../trainer/checkpoint/torch-value.ts';
import { makePhantomMmar, type PhantomMmar } from './phantom-mmar.ts';
import { messagesOf, readTrainStats, runProgram } from './run-program.ts';

const documentation = readFileSync(join(import.meta.dirname, '../../../docs/byoc.md'), 'utf8');
/** The examples of docs/byoc.md, by the file that they name. */
const examples = [...documentation.matchAll(/```ts\n\/\/ (custom\/\w+\.ts)\n([\s\S]*?)```/g)].map(
  ([, file, code]) => ({ file, code }),
);

/** As the config below names them. */
const ORDER = [
  'SquaredError',
  'SignDescent',
  'WarmUp',
  'TwoConvolutions',
  'RandBrightend',
  'FirstCases',
  'Sampled',
  'EarlyStop',
  'Mirrored',
  'VolumeAgreement',
];

const mmars: PhantomMmar[] = [];
afterEach(() => mmars.splice(0).forEach((mmar) => mmar.remove()));

/** An MMAR whose components are those of the documentation. */
function makeOwn(workers: number): PhantomMmar {
  const mmar = makePhantomMmar({
    config(config) {
      const { train, validate } = config;
      train.pre_transforms[3] = {
        path: 'brighten.RandBrightend',
        args: { keys: 'image', most: 0.3, prob: 0.9 },
      };
      train.model = { path: 'two_convolutions.TwoConvolutions', args: { in_channels: 1, out_channels: 2 } };
      train.loss = { path: 'squared_error.SquaredError' };
      train.optimizer = {
        path: 'sign_descent.SignDescent',
        args: { params: '#@model.parameters()', lr: '{learning_rate}' },
      };
      train.lr_scheduler = { path: 'warm_up.WarmUp', args: { optimizer: '@optimizer', epochs: 2 } };
      validate.inferer = { path: 'mirrored.Mirrored' };
      train.handlers.unshift({ path: 'early_stop.EarlyStop', args: { patience: 2 } });
      const { name: _, ...dataset } = train.dataset;
      Object.assign(train, {
        dataset: {
          ...dataset,
          path: 'first_cases.FirstCases',
          args: { transform: '@pre_transforms', count: 3 },
        },
        dataloader: {
          path: 'sampled.Sampled',
          args: { dataset: '@dataset', batch_size: 2, batches: 3, num_workers: workers },
        },
      });
      validate.additional_metrics = [{ path: 'volume_agreement.VolumeAgreement', log_label: 'volume' }];
      return config;
    },
  });
  mmars.push(mmar);
  for (const { file, code } of examples) mmar.write(file, code);
  return mmar;
}

const finalModel = ({ root }: PhantomMmar) => {
  const content = readTorchFile(readFileSync(join(root, 'models/final_model.pt'))) as Map<string, TorchValue>;
  return content.get('model') as Map<string, TorchValue>;
};

describe('components of the user', { timeout: 60_000 }, () => {
  it('the examples of the documentation train, the same with and without worker threads', async () => {
    expect(examples.map(({ file }) => file)).toHaveLength(10);
    const [alone, threaded] = [makeOwn(0), makeOwn(2)];
    const result = await runProgram(alone.root, ['train', '--trust']);
    expect(result.exitCode, result.lines.join('\n')).toBe(0);
    expect(result.lines).toContainEqual(
      expect.stringMatching(/^Trusted code in custom\/: sha256 [0-9a-f]{64}$/),
    );
    expect([...finalModel(alone).keys()]).toContain('first.weight');
    const { validation } = readTrainStats(alone.root);
    expect(validation[0].metrics.volume).toBeGreaterThan(0);
    await runProgram(threaded.root, ['train', '--trust']);
    expect(finalModel(threaded)).toEqual(finalModel(alone));
  });

  it('are refused without trust, all of them at once', async () => {
    const result = await runProgram(makeOwn(0).root, ['train']);
    expect(result.exitCode).toBe(1);
    const { faults = [] } = messagesOf(result, 'finished')[0];
    expect(faults.map(({ code, component }) => [code, component])).toEqual(
      ORDER.map((name) => ['not-trusted', name]),
    );
  });

  it('a handler can end the training, as completed', async () => {
    const mmar = makeOwn(0);
    const result = await runProgram(mmar.root, [
      'train',
      '--trust',
      '--set',
      'epochs=50',
      'learning_rate=1e-12',
    ]);
    expect(result.exitCode).toBe(0);
    const { epochs, status } = readTrainStats(mmar.root);
    expect(status).toBe('completed');
    expect(epochs).toBeLessThan(50);
    expect(result.lines).toContainEqual(
      expect.stringMatching(/^No better loss for 2 epochs: stopped after epoch \d+$/),
    );
  });

  it('what they throw ends the training with a fault that names them', async () => {
    const mmar = makeOwn(0);
    mmar.write(
      'custom/volume_agreement.ts',
      'export class VolumeAgreement { reset() {} update() { throw new Error("oh no"); } value() { return 1; } }',
    );
    const result = await runProgram(mmar.root, ['train', '--trust']);
    expect(messagesOf(result, 'finished')).toMatchObject([
      {
        status: 'failed',
        faults: [
          {
            code: 'user-code',
            component: 'VolumeAgreement',
            message: '"volume_agreement.VolumeAgreement" failed in update: oh no',
          },
        ],
      },
    ]);
  });
});
