import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { FaultError, unwrap } from '../../common/fault.ts';
import type { Json, JsonObject } from '../../common/json.ts';
import { casesOf, type DataListCase } from '../../common/mmar/data-list.ts';
import { parseJsonObject } from '../../common/mmar/parse-json.ts';
import type { Item } from './item.ts';

/** The cases of one list, ready for LoadImaged. */
export interface CaseList {
  /** Folder that the list's paths count from; messages name files relative to it. */
  readonly dataRoot: string;
  /** One item per case, with absolute paths. */
  readonly items: readonly Item[];
}

export interface DataListSource {
  /** The data list file. */
  readonly file: string;
  /** The key of the list in it: `training`, `validation` ... */
  readonly key: string;
  /** Folder that paths count from; by default the data list's own. */
  readonly baseDir?: string;
  /** Whether `label` names an image (segmentation) or is a class number. Default true. */
  readonly isSegmentation?: boolean;
}

/**
 * Reads one list of a data list file, as MONAI's `load_decathlon_datalist` does: `image` and, for segmentation, `label`
 * become absolute paths; under other keys a path is made absolute where such a file exists, everything else stays.
 *
 * Faults: `file-missing`, `file-unreadable`, `json-syntax`, `schema`, `data-list`, `data-list-empty`.
 */
export function loadDataList(source: DataListSource): CaseList {
  const { file, key, baseDir, isSegmentation = true } = source;
  const name = basename(file);
  const list = unwrap(parseJsonObject(readText(file, name), name));
  const dataRoot = resolve(baseDir ?? dirname(file));
  const cases = unwrap(casesOf(list, key, name));
  return { dataRoot, items: cases.map((found) => resolvePaths(found, dataRoot, isSegmentation)) };
}

function readText(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new FaultError(
      code === 'ENOENT'
        ? { code: 'file-missing', file: name, message: 'There is no such data list.' }
        : { code: 'file-unreadable', file: name, message: `The data list cannot be read (${code}).` },
    );
  }
}

function resolvePaths({ fields }: DataListCase, dataRoot: string, isSegmentation: boolean): Item {
  const entries = Object.entries(fields satisfies JsonObject).map(([key, value]): [string, Json] => {
    const isImage = key === 'image' || (key === 'label' && isSegmentation);
    return [
      key,
      isImage ? mapPaths(value, (path) => resolve(dataRoot, path)) : resolveExisting(value, dataRoot),
    ];
  });
  return Object.fromEntries(entries);
}

function mapPaths(value: Json, change: (path: string) => string): Json {
  if (typeof value === 'string') return change(value);
  return isTextList(value) ? value.map(change) : value;
}

/** Only a value whose every file exists is taken for a path, so that names and numbers survive. */
function resolveExisting(value: Json, dataRoot: string): Json {
  const paths = typeof value === 'string' ? [value] : isTextList(value) ? value : [];
  const arePaths =
    paths.length > 0 && paths.every((path) => path !== '' && existsSync(resolve(dataRoot, path)));
  return arePaths ? mapPaths(value, (path) => resolve(dataRoot, path)) : value;
}

const isTextList = (value: Json): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
