import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { componentSpecs } from '../../../common/components/catalogue.ts';
import { checkComponent } from '../../../common/mmar/check-components.ts';
import { buildComponent } from '../../../common/mmar/build-component.ts';
import { substituteVariables } from '../../../common/mmar/substitute-variables.ts';
import { explain } from '../../../common/mmar-edit/explain.ts';
import { placeAt } from '../../../common/mmar-edit/find-node.ts';
import { valueOf } from '../../../common/mmar-edit/json-tree.ts';
import { makeComponent } from '../../../common/mmar-edit/make-component.ts';
import {
  outlineAutomlConfig,
  outlineEvaluationConfig,
  outlineTrainConfig,
} from '../../../common/mmar-edit/outline-config.ts';
import { readJsonTree } from '../../../common/mmar-edit/read-json-tree.ts';
import { suggest } from '../../../common/mmar-edit/suggest.ts';
import type { LanguageContext } from '../../../common/mmar-edit/suggestion.ts';
import type { Json } from '../../../common/json.ts';

const folder = join(import.meta.dirname, '../../../mmar-templates/segmentation-unet-3d/config');
const load = (name: string): Json => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Json;

/** What is known at the `|` of a text. */
function at(marked: string, kind: LanguageContext['kind'] = 'config_train') {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const tree = readJsonTree(text);
  const value = tree.root === undefined ? {} : valueOf(tree.root);
  const context: LanguageContext = { kind, value, variables: { epochs: 30 } };
  const place = placeAt(tree, offset);
  return {
    labels: suggest(place, context).map(({ label }) => label),
    suggestions: suggest(place, context),
    explanation: explain(place, context),
  };
}

describe('suggestions', () => {
  it('are the arguments that a component has and the config does not say yet', () => {
    const { labels } = at('{"train": {"model": {"name": "UNet", "args": {"norm": "batch", |}}}}');
    expect(labels).toContain('num_res_units');
    expect(labels).not.toContain('norm');
    const { suggestions } = at('{"train": {"model": {"name": "UNet", "args": {"bi|"}}}}');
    expect(suggestions.find(({ label }) => label === 'bias')).toMatchObject({
      insert: { key: 'bias', value: true },
      detail: 'true',
      documentation: 'convolutions have a bias',
    });
  });

  it.each([
    ['components of the slot', '{"train": {"loss": {"name": "|"}}}', 'DiceCELoss', 'Adam'],
    ['components in a list', '{"train": {"pre_transforms": [{"name": "|"}]}}', 'Spacingd', 'DiceLoss'],
    ['whole components', '{"train": {"optimizer": |}}', 'Adam', 'DiceLoss'],
    ['whole components in a list', '{"train": {"handlers": [|]}}', 'StatsHandler', 'Adam'],
    ['keys of a component', '{"train": {"model": {|}}}', 'search', 'epochs'],
    ['keys of the first level', '{|}', 'learning_rate', 'args'],
    ['slots of a section', '{"train": {|}}', 'pre_transforms', 'epochs'],
    ['choices', '{"train": {"model": {"name": "UNet", "args": {"spatial_dims": |}}}}', '3', '4'],
    [
      'variables',
      '{"train": {"trainer": {"name": "SupervisedTrainer", "args": {"max_epochs": |}}}}',
      '{epochs}',
      'x',
    ],
    [
      'references',
      '{"train": {"model": {}, "trainer": {"name": "SupervisedTrainer", "args": {"network": |}}}}',
      '@model',
      '@loss',
    ],
    [
      'refs',
      '{"train": {"model": {"name": "UNet#net"}}, "validate": {"handlers": [{"ref": "|"}]}}',
      'net',
      'UNet',
    ],
    ['keys of a search item', '{"train": {"model": {"name": "UNet", "search": [{|}]}}}', 'targets', 'epochs'],
    ['types of a search item', '{"search": [{"type": "|"}]}', 'float', 'lr'],
    [
      'args of a search item',
      '{"train": {"model": {"name": "UNet", "search": [{"args": ["|"]}]}}}',
      'channels',
      'epochs',
    ],
    ['first-level args', '{"epochs": 1, "search": [{"args": ["|"]}]}', 'epochs', 'channels'],
    [
      'aliases',
      '{"search": [{"args": ["off"]}], "train": {"model": {"name": "UNet", "apply": {"@disabled": "|"}}}}',
      'off',
      'UNet',
    ],
    ['targets of apply', '{"train": {"model": {"name": "UNet", "apply": {|}}}}', '@disabled', 'name'],
  ])('are %s', (_, text, yes, no) => {
    const { labels } = at(text);
    expect(labels).toContain(yes);
    expect(labels).not.toContain(no);
  });

  it('know the other documents', () => {
    expect(at('{|}', 'environment').labels).toContain('DATA_ROOT');
    expect(at('{"PROCESSING_TASK": |}', 'environment').labels).toContain('segmentation');
    expect(at('{|}', 'config_automl').labels).toContain('controller');
    expect(at('{"controller": {"name": |}}', 'config_automl').labels).toContain('GridController');
    expect(at('{"handlers": [{"name": "|"}]}', 'config_automl').labels).toContain('MMARHandler');
    expect(at('{"dataset": {"name": "|"}}', 'config_evaluation').labels).toContain('CacheDataset');
    expect(at('{|}', 'data_list').labels).toContain('training');
    expect(at('{|}', 'json').labels).toEqual([]);
  });
});

describe('explanations', () => {
  it('say what a component and an argument are', () => {
    expect(at('{"train": {"loss": {"name": "Di|ceLoss"}}}').explanation).toMatchObject({
      title: 'DiceLoss',
      source: expect.stringContaining('monai.losses.DiceLoss') as string,
    });
    expect(at('{"train": {"model": {"name": "UNet", "args": {"bi|as": true}}}}').explanation).toEqual({
      title: 'bias',
      text: 'convolutions have a bias',
      allowed: 'true or false',
      default: true,
    });
    expect(
      at('{"train": {"model": {"name": "UNet", "args": {"strides": [2, 2|]}}}}').explanation,
    ).toMatchObject({
      title: 'strides',
    });
  });

  it('say what a variable stands for', () => {
    expect(at('{"train": {"trainer": {"args": {"max_epochs": "{epo|chs}"}}}}').explanation).toMatchObject({
      resolved: 30,
    });
  });

  it.each([
    ['{"search": [{"ta|rgets": []}]}', 'config_train', 'targets'],
    ['{"lr_se|arch": []}', 'config_train', 'lr_search'],
    ['{"train": {"pre_tra|nsforms": []}}', 'config_train', 'pre_transforms'],
    ['{"DATA_R|OOT": ""}', 'environment', 'DATA_ROOT'],
    ['{"labe|ls": {}}', 'data_list', 'labels'],
    ['{"exec|utor": {}}', 'config_automl', 'executor'],
  ] as const)('know %s', (text, kind, title) => {
    const found = at(text, kind).explanation;
    expect(found?.title.replace('-t', '_t').toLowerCase()).toBe(title.toLowerCase());
  });

  it('have nothing to say of what nobody knows', () => {
    expect(at('{"train": {"model": {"name": "Own", "args": {"x|": 1}}}}').explanation).toBeUndefined();
    expect(at('|', 'json').explanation).toBeUndefined();
  });
});

describe('a new component', () => {
  const variables = {
    epochs: 3,
    learning_rate: 0.01,
    INPUT_CHANNELS: 1,
    OUTPUT_CHANNELS: 2,
    ROI_SIZE: [32, 32, 32],
    PIXDIM: [1, 1, 1],
    MMAR_CKPT: 'models/model.pt',
    MMAR_CKPT_DIR: 'models',
  };

  it('is right from the start, for every one of the catalogue', () => {
    for (const spec of componentSpecs) {
      const { json } = substituteVariables(makeComponent(spec), variables);
      const report = (fault: unknown): void => expect.fail(JSON.stringify(fault));
      const node = buildComponent(json, [], { file: 'x', variables, isSlot: () => true, report });
      expect(checkComponent(node!, 'x', spec.kind), spec.name).toEqual([]);
    }
  });

  it('uses only variables that there are', () => {
    const unet = componentSpecs.find(({ name }) => name === 'UNet')!;
    expect(makeComponent(unet, []).args).toMatchObject({ in_channels: 1, spatial_dims: 3 });
    expect(makeComponent(unet, ['INPUT_CHANNELS']).args).toMatchObject({
      in_channels: '{INPUT_CHANNELS}',
    });
  });
});

describe('outlines', () => {
  it('show a train config in the order in which data pass through it', () => {
    const [train, validate] = outlineTrainConfig(load('config_train.json'), { dont_load_ckpt_model: true });
    expect(train!.slots.filter(({ isPresent }) => isPresent).map(({ slot }) => slot)).toEqual([
      'pre_transforms',
      'dataset',
      'dataloader',
      'model',
      'loss',
      'optimizer',
      'lr_scheduler',
      'inferer',
      'handlers',
      'trainer',
    ]);
    const slot = (name: string) => train!.slots.find((candidate) => candidate.slot === name)!;
    expect(slot('loss')).toMatchObject({ form: 'alternatives', kind: 'loss' });
    expect(slot('loss').cards.map(({ isDisabled }) => isDisabled)).toEqual([true, false]);
    expect(slot('handlers').cards[0]).toMatchObject({ isDisabled: true, disabledBy: 'dont_load_ckpt_model' });
    expect(slot('post_transforms')).toMatchObject({ isPresent: false, cards: [] });
    const refs = validate!.slots.find(({ slot: name }) => name === 'pre_transforms')!;
    expect(refs.cards[0]).toMatchObject({ isRef: true, name: 'LoadImaged', spec: undefined });
  });

  it('show what they can of a config that is wrong', () => {
    const config = {
      train: { model: [7, { name: 'Nobody' }, { path: 'mine.Net' }], __loss: {}, loss: 'x' },
    } as unknown as Json;
    const [train] = outlineTrainConfig(config);
    const present = train!.slots.filter(({ isPresent }) => isPresent);
    expect(present.map(({ slot }) => slot)).toEqual(['model', 'loss']);
    expect(present[0]).toMatchObject({
      others: [['train', 'model', 0]],
      cards: [
        { name: 'Nobody', spec: undefined, isOwn: false },
        { name: 'Net', isOwn: true },
      ],
    });
    expect(present[1]).toMatchObject({ cards: [], others: [['train', 'loss']] });
    expect(outlineTrainConfig([])).toEqual([]);
    expect(outlineTrainConfig({ train: 7 })).toEqual([]);
  });

  it('show evaluations and searches', () => {
    const [evaluation] = outlineEvaluationConfig(load('config_validation.json'));
    expect(evaluation!.slots.map(({ slot }) => slot)).toContain('evaluator');
    const slots = outlineAutomlConfig(load('config_automl.json'));
    expect(slots.map(({ slot, cards }) => [slot, cards.length])).toEqual([
      ['controller', 1],
      ['executor', 1],
      ['handlers', 3],
    ]);
    expect(slots[2]!.cards[1]!.spec!.kind).toBe('automl_handler');
  });
});
