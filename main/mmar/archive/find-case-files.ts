import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../../common/json.ts';
import { casesOf, dataListKeys } from '../../../common/mmar/data-list.ts';
import { OWN_FOLDERS } from './image-files.ts';

/** What looks like a file of a case under another key than image and label. */
const IMAGE = /\.(nii|nii\.gz|hdr|img|mha|mhd|nrrd|nhdr|dcm|png|jpe?g|tiff?)$/i;

/** The images and labels, absolute, that a data list names: wherever they stand, they are a site's data. */
export function findCaseFiles(
  mmarRoot: string,
  { DATA_ROOT: dataRoot, DATASET_JSON: listPath }: JsonObject,
  list: JsonObject,
): readonly string[] {
  if (typeof listPath !== 'string') return [];
  const root =
    typeof dataRoot === 'string' && dataRoot !== ''
      ? resolve(mmarRoot, dataRoot)
      : dirname(resolve(mmarRoot, listPath));
  const own = new Set(OWN_FOLDERS.map((name) => resolve(mmarRoot, name)));
  return dataListKeys(list)
    .flatMap((key) => {
      const cases = casesOf(list, key, listPath);
      return cases.ok ? cases.value.flatMap(({ fields }) => pathsOf(fields)) : [];
    })
    .map((path) => resolve(root, path))
    .filter((file) => !own.has(file));
}

/** The data list that an environment names; empty where it is missing or broken, since it says nothing then. */
export async function readDataList(
  mmarRoot: string,
  { DATASET_JSON: listPath }: JsonObject,
): Promise<JsonObject> {
  return typeof listPath === 'string' ? readJsonObject(resolve(mmarRoot, listPath)) : {};
}

/** Empty for a file that is missing or broken: it says nothing then. */
export async function readJsonObject(file: string): Promise<JsonObject> {
  try {
    const json = JSON.parse(await readFile(file, 'utf8')) as Json;
    return isJsonObject(json) ? json : {};
  } catch {
    return {};
  }
}

function pathsOf(fields: JsonObject): readonly string[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    const values: readonly (Json | undefined)[] = Array.isArray(value) ? value : [value];
    const isImage = key === 'image' || key === 'label';
    return values
      .filter((path) => typeof path === 'string')
      .filter((path) => path !== '' && (isImage || IMAGE.test(path)));
  });
}
