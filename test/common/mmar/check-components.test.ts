import { describe, expect, it } from 'vitest';
import { formatFault, unwrap } from '../../../common/fault.ts';
import { checkComponents } from '../../../common/mmar/check-components.ts';
import { readTrainConfig } from '../../../common/mmar/resolve-train-config.ts';
import { editConfig, loadConfig, type EditableConfig } from './load-config.ts';

function faultsAfter(edit: (config: EditableConfig) => void): readonly string[] {
  const config = unwrap(readTrainConfig(editConfig('train-4.1', edit)));
  return [
    ...checkComponents(config.train, 'c.json'),
    ...checkComponents(config.validate ?? {}, 'c.json'),
  ].map(formatFault);
}

describe('checkComponents', () => {
  it.each(['train-4.1', 'train-4.0'])("finds nothing wrong in Clara's %s", (name) => {
    const config = unwrap(readTrainConfig(loadConfig(name)));
    expect(checkComponents(config.train, name)).toEqual([]);
    expect(checkComponents(config.validate ?? {}, name)).toEqual([]);
  });

  it('gives the nearest name of an unknown component', () => {
    expect(faultsAfter((json) => (json.train.loss.name = 'DiceLos'))).toEqual([
      'c.json: train.loss.name: DiceLos: There is no loss "DiceLos". Did you mean DiceLoss? Allowed: DiceLoss, or a component of your own by "path".',
    ]);
  });

  it('says when a component stands in the wrong slot', () => {
    expect(faultsAfter((json) => (json.train.loss = { name: 'UNet' }))[0]).toMatch(
      /^c\.json: train\.loss\.name: UNet: "UNet" is no loss, but a component of another kind \(network\)\./,
    );
  });

  it('names argument, place and what is allowed', () => {
    expect(
      faultsAfter((json) => {
        json.train.loss.args.softmaxx = true;
        json.train.optimizer.args.lr = -1;
        json.train.pre_transforms[5].args.num_samples = 'four';
        delete json.train.model.args.in_channels;
      }).map((text) => text.replace(/Allowed: softmax.*|Allowed: include_background.*/, '')),
    ).toEqual([
      'c.json: train.loss.args.softmaxx: DiceLoss.softmaxx: There is no "softmaxx" here. Did you mean softmax? ',
      'c.json: train.optimizer.args.lr: Adam.lr: -1 does not fit. Allowed: a number above 0.',
      'c.json: train.model.args.in_channels: UNet.in_channels: The argument "in_channels" is missing. Allowed: a whole number above 0.',
      'c.json: train.pre_transforms[5].args.num_samples: RandCropByPosNegLabeld.num_samples: "four" does not fit. Allowed: a whole number above 0.',
    ]);
  });

  it('wants what has to be wired to be wired', () => {
    expect(
      faultsAfter((json) => {
        delete json.train.trainer.args.network;
        json.train.optimizer.args.params = 'model';
      }),
    ).toEqual([
      'c.json: train.optimizer.args.params: Adam.params: The argument "params" has to name another component. Allowed: #@model.parameters().',
      'c.json: train.trainer.args.network: SupervisedTrainer.network: The argument "network" has to name another component. Allowed: a reference such as @model.',
    ]);
  });

  it('accepts aliases and full names, and does not look into user code', () => {
    expect(
      faultsAfter((json) => {
        json.train.pre_transforms[0].name = 'monai.transforms.LoadImageD';
        json.train.pre_transforms[1].name = 'EnsureChannelFirstDict';
        json.train.loss = { path: 'myLoss.MyDiceLoss', args: { anything: 1 } };
        json.validate.pre_transforms = json.train.pre_transforms;
      }),
    ).toEqual([]);
  });

  it('looks into nested components', () => {
    expect(
      faultsAfter(
        (json) =>
          (json.train.inferer = {
            path: 'mine.Inferer',
            args: { inner: [{ name: 'SimpleInfererr', args: {} }] },
          }),
      ),
    ).toEqual([
      expect.stringMatching(
        /train\.inferer\.args\.inner\[0\]\.name: SimpleInfererr: There is no component .* Did you mean SimpleInferer\?/,
      ),
    ]);
  });
});
