import { dirname, relative, resolve } from 'node:path';
import type { CaseFile, DataListCaseRow, DataListSection } from '../../common/api/data-list.ts';
import { FaultError, unwrap, type Fault } from '../../common/fault.ts';
import { isJsonObject, type Json, type JsonObject } from '../../common/json.ts';
import { filesOfCase } from '../../common/mmar/case-files.ts';
import { useOfKey } from '../../common/mmar/data-list-use.ts';
import { casesOf, dataListKeys, type DataListCase } from '../../common/mmar/data-list.ts';
import { parseJsonObject } from '../../common/mmar/parse-json.ts';
import { readMmarText } from '../mmar/check/mmar-place.ts';
import { readShape, sizeOf } from './inspect-files.ts';

/** The data list of an MMAR, read. */
export interface OpenDataList {
  readonly listPath?: string;
  readonly inMmar?: string;
  /** As the environment writes it. */
  readonly dataRoot?: string;
  /** Absolute folder that paths start from. */
  readonly root: string;
  readonly json: JsonObject;
  readonly environment: JsonObject;
  /** Why the list could not be read. */
  readonly faults: readonly Fault[];
}

const ENVIRONMENT = 'config/environment.json';

/** Reads the data list that environment.json names. Never fails: what is wrong is among its faults. */
export async function openDataList(mmarRoot: string): Promise<OpenDataList> {
  const none = { root: mmarRoot, json: {}, environment: {} };
  const text = await readMmarText(mmarRoot, ENVIRONMENT);
  const read = text.ok ? parseJsonObject(text.value, ENVIRONMENT) : text;
  if (!read.ok) return { ...none, faults: read.faults };
  const environment = read.value;
  const { DATASET_JSON: listPath, DATA_ROOT: dataRoot } = environment;
  if (typeof listPath !== 'string' || listPath === '') {
    const message = 'The environment names no data list.';
    const allowed = '"DATASET_JSON": the path of a data list';
    return {
      ...none,
      environment,
      faults: [{ code: 'data-list', file: ENVIRONMENT, path: ['DATASET_JSON'], message, allowed }],
    };
  }
  const file = resolve(mmarRoot, listPath);
  const root = typeof dataRoot === 'string' && dataRoot !== '' ? resolve(mmarRoot, dataRoot) : dirname(file);
  const place = {
    listPath,
    ...insideMmar(mmarRoot, file),
    ...(typeof dataRoot === 'string' ? { dataRoot } : {}),
    root,
    environment,
  };
  const listText = await readMmarText(mmarRoot, listPath);
  const list = listText.ok ? parseJsonObject(listText.value, listPath) : listText;
  return list.ok
    ? { ...place, json: list.value, faults: [] }
    : { ...place, json: {}, faults: list.faults.map((fault) => ({ ...fault, file: listPath })) };
}

/** The text of the data list that environment.json names. @throws FaultError with what keeps it from being read */
export async function readListText(mmarRoot: string): Promise<string> {
  const { listPath, faults } = await openDataList(mmarRoot);
  if (listPath === undefined) throw new FaultError(...faults);
  return unwrap(await readMmarText(mmarRoot, listPath));
}

function insideMmar(mmarRoot: string, file: string): { inMmar?: string } {
  const way = relative(mmarRoot, file).split('\\').join('/');
  return way.startsWith('../') || way === '..' || resolve(way) === way ? {} : { inMmar: way };
}

/** Counts the cases of every section and looks for their files. */
export async function surveySections(
  list: OpenDataList,
): Promise<{ readonly sections: DataListSection[]; readonly faults: Fault[] }> {
  const sections: DataListSection[] = [];
  const faults: Fault[] = [...list.faults];
  const sizes = new SizeReader(list.root);
  for (const key of dataListKeys(list.json)) {
    const cases = casesOf(list.json, key, list.listPath ?? 'the data list');
    if (!cases.ok) faults.push(...cases.faults);
    if (!cases.ok) continue;
    const use = useOfKey(key, list.environment);
    const files = cases.value.flatMap(({ fields }) => filesOfCase(fields));
    const found = await Promise.all(files.map(({ path }) => sizes.read(path)));
    sections.push({
      key,
      ...(use === undefined ? {} : { use }),
      cases: cases.value.length,
      labelled: cases.value.filter(({ fields }) => fields.label !== undefined).length,
      missingFiles: found.filter((size) => size === null).length,
      sizeBytes: found.reduce<number>((sum, size) => sum + (size ?? 0), 0),
    });
  }
  return { sections, faults };
}

/** Some cases with the sizes of their images; those of a section that cannot be read are none. */
export async function readCaseRows(
  list: OpenDataList,
  key: string,
  from: number,
  most: number,
): Promise<DataListCaseRow[]> {
  const cases = casesOf(list.json, key, list.listPath ?? 'the data list');
  if (!cases.ok) return [];
  return Promise.all(cases.value.slice(from, from + most).map((item) => readCaseRow(list.root, item)));
}

async function readCaseRow(root: string, { index, fields }: DataListCase): Promise<DataListCaseRow> {
  const sizes = new SizeReader(root);
  const files = filesOfCase(fields).map(async ({ key, path }): Promise<CaseFile> => {
    const sizeBytes = await sizes.read(path);
    const { shape, spacingMm } = sizeBytes === null ? {} : await readShape(root, path);
    return {
      key,
      path,
      sizeBytes,
      ...(shape === undefined ? {} : { shape }),
      ...(spacingMm === undefined ? {} : { spacingMm }),
    };
  });
  return { index, files: await Promise.all(files) };
}

/** Sizes of files, each looked at once; of a folder that of the files in it. */
class SizeReader {
  readonly #root: string;
  readonly #known = new Map<string, Promise<number | null>>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Bytes; null for a path where nothing is. */
  read(path: string): Promise<number | null> {
    const known = this.#known.get(path) ?? sizeOf(resolve(this.#root, path));
    this.#known.set(path, known);
    return known;
  }
}

/** Names by number, as lists give them: `{"0": "background"}`. */
export function namesIn(value: Json | undefined): Record<string, string> | undefined {
  if (!isJsonObject(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, name]) => [key, typeof name === 'string' ? name : JSON.stringify(name)]),
  );
}
