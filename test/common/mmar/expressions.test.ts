import { describe, expect, it } from 'vitest';
import {
  looksLikeExpression,
  parseExpression,
  SUPPORTED_EXPRESSIONS,
} from '../../../common/mmar/expressions.ts';

describe('parseExpression', () => {
  it.each([
    ['#@model.parameters()', { form: 'model-parameters', model: 'model' }],
    [
      "#monai.handlers.from_engine(['pred', 'label'])",
      { form: 'from-engine', keys: ['pred', 'label'], first: false },
    ],
    [
      "#monai.handlers.from_engine(['loss'], first=True)",
      { form: 'from-engine', keys: ['loss'], first: true },
    ],
    [
      "#monai.handlers.from_engine(['image_meta_dict'])",
      { form: 'from-engine', keys: ['image_meta_dict'], first: false },
    ],
    ['lambda x: None', { form: 'nothing' }],
    ["lambda x: (x['pred'], x['label'])", { form: 'pick', keys: ['pred', 'label'], tuple: true }],
    ["lambda x: x['loss']", { form: 'pick', keys: ['loss'], tuple: false }],
    ["lambda x: x['image_meta_dict']", { form: 'pick', keys: ['image_meta_dict'], tuple: false }],
  ])('recognises %s', (text, expression) => {
    expect(parseExpression(text)).toEqual(expression);
    expect(SUPPORTED_EXPRESSIONS).toContain(text);
  });

  it('takes other keys, names and spaces of the same form', () => {
    expect(parseExpression('#monai.handlers.from_engine( ["seg"] , first = False )')).toEqual({
      form: 'from-engine',
      keys: ['seg'],
      first: false,
    });
    expect(parseExpression("#monai.handlers.from_engine('pred')")).toMatchObject({ keys: ['pred'] });
    expect(parseExpression('lambda batch: batch["loss"]')).toMatchObject({ form: 'pick', keys: ['loss'] });
  });

  it.each([
    '#__import__("os").system("true")',
    "#monai.handlers.from_engine(['pred'], first=1)",
    '#monai.handlers.from_engine([])',
    '#monai.handlers.from_engine([pred])',
    '#@model.parameters(), 1',
    "lambda x: x['loss'] * 2",
    "lambda x: y['loss']",
    "lambda x, y: x['loss']",
    "lambda x: x['a'], x['b']",
    "lambda x: (x['a'])",
    'lambda engine: print(engine.state.iteration)',
  ])('refuses %s and lists what is allowed', (text) => {
    expect(parseExpression(text)).toMatchObject({
      code: 'unsupported-expression',
      allowed: expect.stringContaining("lambda x: (x['pred'], x['label'])"),
    });
  });

  it('tells expressions from other strings', () => {
    expect(['#a', 'lambda x: 1'].map(looksLikeExpression)).toEqual([true, true]);
    expect(['@model', 'lambdas', '{a}', 'a#b'].some(looksLikeExpression)).toBe(false);
  });
});
