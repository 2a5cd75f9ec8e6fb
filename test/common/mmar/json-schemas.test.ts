import { describe, expect, it } from 'vitest';
import { componentSpecs } from '../../../common/components/catalogue.ts';
import { componentArgumentSchemas, jsonSchemaOf, schemaNames } from '../../../common/mmar/json-schemas.ts';

describe('JSON Schemas', () => {
  it.each(schemaNames)('%s has one, in draft 2020-12', (name) => {
    expect(jsonSchemaOf(name)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      title: expect.any(String),
    });
  });

  it('say what they hold', () => {
    expect(jsonSchemaOf('config_train')).toMatchObject({
      required: ['train'],
      properties: { epochs: expect.anything() },
    });
    expect(jsonSchemaOf('config_automl')).toMatchObject({ required: ['controller', 'executor'] });
  });

  it('cover the arguments of every component', () => {
    const schemas = componentArgumentSchemas();
    for (const { kind, name } of componentSpecs)
      expect(schemas[kind]?.[name], name).toMatchObject({ additionalProperties: false });
    expect(schemas.loss?.DiceLoss).toMatchObject({
      properties: { softmax: { type: 'boolean', default: false } },
      additionalProperties: false,
    });
  });
});
