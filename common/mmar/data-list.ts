import { z } from 'zod';
import { fail, succeed, type Fault, type Result } from '../fault.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { suggestNames } from './nearest-names.ts';

const pathOrPaths = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** One case as data lists write it: paths by key, or the path of an image alone (as under `test`). */
export const dataListItemSchema = z.union([
  z
    .object({
      image: pathOrPaths.optional().describe('path from the data root; several for an image per channel'),
      label: z
        .union([pathOrPaths, z.number(), z.array(z.number())])
        .optional()
        .describe('path of the label image; class numbers for classification'),
      fold: z.int().optional().describe('fold of a cross validation'),
    })
    .catchall(z.json()),
  z.string().min(1).describe('path of an image without label'),
  z.array(z.string().min(1)).min(1).describe('paths of the channels of an image without label'),
]);

/**
 * A data list: DATASET_JSON of Clara, dataset.json of the Medical Segmentation Decathlon, lists of MONAI. Cases stand
 * under keys of the writer's choice, usually `training`, `validation` and `test`; everything else is description.
 */
export const dataListSchema = z
  .object({
    name: z.string().optional(),
    description: z.string().optional(),
    modality: z.record(z.string(), z.string()).optional().describe('name of each channel: {"0": "MRI"}'),
    labels: z
      .record(z.string(), z.union([z.string(), z.int(), z.array(z.int())]))
      .optional()
      .describe('name of each class: {"0": "background", "1": "spleen"}'),
    training: z.array(dataListItemSchema).optional(),
    validation: z.array(dataListItemSchema).optional(),
    test: z.array(dataListItemSchema).optional(),
    testing: z.array(dataListItemSchema).optional(),
  })
  .catchall(z.json());

/** One case in one form, paths as the list writes them. */
export interface DataListCase {
  /** Place in the list, for messages. */
  readonly index: number;
  /** One path per channel file; empty where the case has none. */
  readonly image: readonly string[];
  /** Paths of label images; empty for a case without, or with class numbers. */
  readonly label: readonly string[];
  /** Everything that the list says of the case, an item that is a path alone as `{image}`. */
  readonly fields: JsonObject;
}

/** The keys of a data list that hold cases. */
export function dataListKeys(list: JsonObject): readonly string[] {
  return Object.keys(list).filter(
    (key) => Array.isArray(list[key]) && (list[key] as readonly Json[]).some(isCase),
  );
}

const isCase = (item: Json): boolean =>
  typeof item === 'string' ||
  (isJsonObject(item) && (Object.hasOwn(item, 'image') || Object.hasOwn(item, 'label')));

/**
 * The cases under a key, all variants in one form: objects, paths of images (as under `test`), lists of paths (one per
 * channel); `./` in front and names that macOS archives leave behind (`._x.nii.gz`) are taken off and out.
 *
 * Fails with `data-list` for a key that is missing or an item that is no case, `data-list-empty` for no cases.
 */
export function casesOf(list: JsonObject, key: string, file: string): Result<readonly DataListCase[]> {
  const value = list[key];
  if (!Array.isArray(value)) return fail(missingKey(list, key, file));
  const faults: Fault[] = [];
  const cases = value.flatMap((item: Json, index): DataListCase[] => {
    const parsed = dataListItemSchema.safeParse(item);
    if (!parsed.success) {
      faults.push(wrongItem(key, index, file));
      return [];
    }
    const fields: JsonObject = isJsonObject(item) ? item : { image: item };
    const found = { index, image: pathsIn(fields.image), label: pathsIn(fields.label), fields };
    if (found.image.length > 0 && found.image.every(isLeftover)) return [];
    return [found];
  });
  if (faults.length > 0) return fail(...faults);
  if (cases.length > 0) return succeed(cases);
  return fail({
    code: 'data-list-empty',
    file,
    path: [key],
    message: `The list "${key}" has no cases.`,
    allowed: 'at least one case',
  });
}

function pathsIn(value: Json | undefined): readonly string[] {
  const values: readonly (Json | undefined)[] = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return values.filter((item) => typeof item === 'string').map((path) => path.replace(/^(?:\.\/)+/, ''));
}

const isLeftover = (path: string): boolean => /(?:^|\/)\._[^/]*$/.test(path);

function missingKey(list: JsonObject, key: string, file: string): Fault {
  const keys = dataListKeys(list);
  return {
    code: 'data-list',
    file,
    path: [key],
    message: `The data list has no list "${key}".${suggestNames(key, keys)}`,
    ...(keys.length === 0 ? {} : { allowed: keys.join(', ') }),
  };
}

function wrongItem(key: string, index: number, file: string): Fault {
  return {
    code: 'data-list',
    file,
    path: [key, index],
    message: 'The item is no case.',
    allowed: '{"image": path or paths, "label": path}, a path, or a list of paths',
  };
}
