import { describe, expect, it } from 'vitest';
import { formatFault, unwrap } from '../../../common/fault.ts';
import { findReferenceFaults, referencesOf, resolveReference } from '../../../common/mmar/references.ts';
import { componentOf, type ComponentNode, type ConfigValue } from '../../../common/mmar/resolved-config.ts';
import { resolveTrainConfig } from '../../../common/mmar/resolve-train-config.ts';
import { editConfig, loadConfig } from './load-config.ts';

function node(name: string, args: Readonly<Record<string, ConfigValue>>): ComponentNode {
  return { kind: 'component', name, args, attributes: {}, at: ['train', name] };
}

const to = (name: string): ConfigValue => ({ kind: 'reference', name, at: ['train', 'x'] });

describe('resolveReference', () => {
  const config = unwrap(resolveTrainConfig(loadConfig('train-4.1')));

  it('looks in its own section first, then in the other', () => {
    expect(resolveReference(config, 'validate', 'pre_transforms')).toEqual({
      section: 'validate',
      slot: 'pre_transforms',
    });
    expect(resolveReference(config, 'train', 'pre_transforms')).toEqual({
      section: 'train',
      slot: 'pre_transforms',
    });
    expect(resolveReference(config, 'train', 'evaluator')).toEqual({
      section: 'validate',
      slot: 'evaluator',
    });
    expect(resolveReference(config, 'validate', 'model')).toEqual({ section: 'train', slot: 'model' });
    expect(resolveReference(config, 'train', 'toString')).toBeUndefined();
  });

  it('finds every use, nested ones and parameters included', () => {
    expect(
      referencesOf(componentOf(config.train, 'optimizer')!).map(({ name, argument }) => [name, argument]),
    ).toEqual([['model', 'params']]);
    const nested = node('handler', {
      save_dict: { a: to('model') },
      list: [node('inner', { b: to('loss') })],
    });
    expect(referencesOf(nested).map(({ name }) => name)).toEqual(['model', 'loss']);
  });
});

describe('findReferenceFaults', () => {
  it('finds nothing wrong in a good config', () => {
    const config = unwrap(resolveTrainConfig(loadConfig('train-4.1')));
    expect(findReferenceFaults(config, 'f')).toEqual([]);
  });

  it('names component, argument and the nearest slot', () => {
    const result = resolveTrainConfig(
      editConfig('train-4.1', (json) => {
        json.train.trainer.args.network = '@modle';
        json.train.optimizer.args.params = '#@net.parameters()';
      }),
    );
    expect(result.ok ? [] : result.faults.map((fault) => formatFault(fault).split(' Allowed')[0])).toEqual([
      'train-4.1.json: train.optimizer.args.params: Adam.params: "@net" refers to nothing that is there and enabled.',
      'train-4.1.json: train.trainer.args.network: SupervisedTrainer.network: "@modle" refers to nothing that is there and enabled. Did you mean model?',
    ]);
    expect(result.ok ? '' : result.faults[0]?.allowed).toContain('@model');
  });

  it('finds what a disabled component leaves dangling', () => {
    const result = resolveTrainConfig(
      editConfig('train-4.1', (json) => (json.train.lr_scheduler.disabled = true)),
    );
    expect(result).toMatchObject({
      ok: false,
      faults: [{ code: 'unknown-reference', component: 'LrScheduleHandler' }],
    });
  });

  it('finds circles', () => {
    const train = {
      a: node('a', { x: to('b') }),
      b: [node('b', { x: to('c') })],
      c: node('c', { x: to('b') }),
      self: node('self', { x: to('self') }),
    };
    expect(findReferenceFaults({ train }, 'f').map(({ code, message }) => [code, message])).toEqual([
      ['reference-cycle', 'The references lead in a circle: train.b -> train.c -> train.b.'],
      ['reference-cycle', 'The references lead in a circle: train.self -> train.self.'],
    ]);
  });
});
