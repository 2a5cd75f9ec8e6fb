import { z } from 'zod';
import { componentSpecs } from '../components/catalogue.ts';
import type { JsonObject } from '../json.ts';
import { evaluationConfigSchema, trainConfigSchema } from './component-grammar.ts';
import { automlConfigSchema } from './config-automl.ts';
import { dataListSchema } from './data-list.ts';
import { environmentSchema } from './environment.ts';
import { trainStats } from './train-stats.ts';

/** The documents of an MMAR that have a schema. */
export type SchemaName =
  'config_train' | 'config_evaluation' | 'config_automl' | 'environment' | 'data_list' | 'train_stats';

const schemas: Readonly<Record<SchemaName, { readonly title: string; readonly schema: z.ZodType }>> = {
  config_train: { title: 'Train config (Clara Train 4.1, 4.0 and 3.x)', schema: trainConfigSchema },
  config_evaluation: { title: 'Validation or inference config', schema: evaluationConfigSchema },
  config_automl: { title: 'AutoML config', schema: automlConfigSchema },
  environment: { title: 'environment.json', schema: environmentSchema },
  data_list: { title: 'Data list', schema: dataListSchema },
  train_stats: { title: 'train_stats.json', schema: trainStats },
};

export const schemaNames = Object.keys(schemas) as readonly SchemaName[];

/** The JSON Schema (draft 2020-12) of a document, made from the zod schema that the program itself checks with. */
export function jsonSchemaOf(name: SchemaName): JsonObject {
  const { title, schema } = schemas[name];
  return { ...toJsonSchema(schema), title };
}

/** The JSON Schemas of the arguments of every built-in component, by kind and name. */
export function componentArgumentSchemas(): Readonly<Record<string, Readonly<Record<string, JsonObject>>>> {
  const kinds = Object.groupBy(componentSpecs, ({ kind }) => kind);
  return Object.fromEntries(
    Object.entries(kinds).map(([kind, specs]) => [
      kind,
      Object.fromEntries(
        specs.map(({ name, args, summary }) => [
          name,
          { ...toJsonSchema(args), title: name, description: summary },
        ]),
      ),
    ]),
  );
}

/** What a document may contain before defaults are filled in; checks that JSON Schema cannot say are left out. */
function toJsonSchema(schema: z.ZodType): JsonObject {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as unknown as JsonObject;
}
