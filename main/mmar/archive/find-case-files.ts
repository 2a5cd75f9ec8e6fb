import { dirname, resolve } from 'node:path';
import type { Json, JsonObject } from '../../../common/json.ts';
import { casesOf, dataListKeys } from '../../../common/mmar/data-list.ts';

/** Folders that an MMAR has of its own: no list of cases takes them out of it. */
const OWN_FOLDERS = ['config', 'commands', 'resources', 'custom', 'models'];
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

function pathsOf(fields: JsonObject): readonly string[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    const values: readonly (Json | undefined)[] = Array.isArray(value) ? value : [value];
    const isImage = key === 'image' || key === 'label';
    return values
      .filter((path) => typeof path === 'string')
      .filter((path) => path !== '' && (isImage || IMAGE.test(path)));
  });
}
