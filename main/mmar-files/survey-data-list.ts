import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { CaseFile, DataListCaseRow, DataListSection } from '../../common/api/data-list.ts';
import type { Fault } from '../../common/fault.ts';
import { voxelSizesMm } from '../../common/imaging/affine.ts';
import { bestAffineOf } from '../../common/imaging/nifti-affine.ts';
import { isJsonObject, type Json, type JsonObject } from '../../common/json.ts';
import { casesOf, dataListKeys, type DataListCase } from '../../common/mmar/data-list.ts';
import { parseJsonObject } from '../../common/mmar/parse-json.ts';
import { DEFAULT_VARIABLES } from '../../common/mmar/variables.ts';
import { readImageHeader } from '../imaging/read-image-header.ts';
import { readMmarText } from '../mmar/check/mmar-place.ts';

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
    const files = cases.value.flatMap(({ fields }) => filesOf(fields));
    const found = await Promise.all(files.map(({ path }) => sizes.read(path)));
    sections.push({
      key,
      ...useOf(key, list.environment),
      cases: cases.value.length,
      labelled: cases.value.filter(({ fields }) => fields.label !== undefined).length,
      missingFiles: found.filter((size) => size === null).length,
      sizeBytes: found.reduce<number>((sum, size) => sum + (size ?? 0), 0),
    });
  }
  return { sections, faults };
}

const USES = [
  ['TRAIN_DATALIST_KEY', 'train'],
  ['VAL_DATALIST_KEY', 'validate'],
  ['INFER_DATALIST_KEY', 'infer'],
] as const;

function useOf(key: string, environment: JsonObject): Pick<DataListSection, 'use'> {
  const found = USES.find(([name]) => (environment[name] ?? DEFAULT_VARIABLES[name]) === key);
  return found === undefined ? {} : { use: found[1] };
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
  const files = filesOf(fields).map(async ({ key, path }): Promise<CaseFile> => {
    const sizeBytes = await sizes.read(path);
    return { key, path, sizeBytes, ...(sizeBytes === null ? {} : await readShape(root, path)) };
  });
  return { index, files: await Promise.all(files) };
}

async function readShape(root: string, path: string): Promise<Pick<CaseFile, 'shape' | 'spacingMm'>> {
  if (!/\.(nii|hdr|img)(\.gz)?$/i.test(path)) return {};
  const header = await readImageHeader(join(root, path), path).catch(() => undefined);
  if (header?.ok !== true) return {};
  const affine = bestAffineOf(header.value);
  const { shape } = header.value;
  return affine.ok
    ? { shape: [...shape], spacingMm: [...voxelSizesMm(affine.value)] }
    : { shape: [...shape] };
}

/** The image files that a case names: under image and label, and under any key whose value looks like one. */
function filesOf(fields: JsonObject): readonly { readonly key: string; readonly path: string }[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    const paths: readonly Json[] = Array.isArray(value) ? value : [value];
    return paths.flatMap((path) =>
      typeof path === 'string' && (key === 'image' || key === 'label' || IMAGE.test(path))
        ? [{ key, path }]
        : [],
    );
  });
}

const IMAGE = /\.(nii|nii\.gz|hdr|img|mha|mhd|nrrd|nhdr|dcm|png|jpe?g|tiff?)$/i;

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

async function sizeOf(file: string): Promise<number | null> {
  try {
    const found = await stat(file);
    if (!found.isDirectory()) return found.size;
    const entries = await readdir(file, { withFileTypes: true });
    const sizes = await Promise.all(
      entries.filter((entry) => entry.isFile()).map(async ({ name }) => (await stat(join(file, name))).size),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch {
    return null;
  }
}

/** Names by number, as lists give them: `{"0": "background"}`. */
export function namesIn(value: Json | undefined): Record<string, string> | undefined {
  if (!isJsonObject(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, name]) => [key, typeof name === 'string' ? name : JSON.stringify(name)]),
  );
}
