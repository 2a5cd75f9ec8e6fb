import { resolve } from 'node:path';
import { fail, type Fault, type Result } from '../../../common/fault.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../common/json.ts';
import { casesOf, type DataListCase } from '../../../common/mmar/data-list.ts';
import { suggestNames } from '../../../common/mmar/nearest-names.ts';
import { parseJsonObject } from '../../../common/mmar/parse-json.ts';
import type { ImageGrid } from '../../imaging/read-image-grid.ts';
import type { DataSetUse } from './data-set-use.ts';
import { readMmarText } from './mmar-place.ts';

/** Probes an image file by absolute path, once however often it is asked. */
export type Probe = (file: string) => Promise<Result<ImageGrid>>;

/** The readable images of one case, by key: one file, or one per channel. */
export interface CaseImages {
  readonly index: number;
  readonly images: Readonly<Record<string, readonly LocatedImage[]>>;
}

export interface LocatedImage {
  readonly file: string;
  readonly facts: ImageGrid;
}

/** The cases of a data set; those with an image that is missing or broken are left out, and named in the faults. */
export interface CaseSurvey {
  readonly count: number;
  readonly cases: readonly CaseImages[];
  readonly faults: readonly Fault[];
  /** Doubts about images that can be read. */
  readonly warnings: readonly Fault[];
}

/** Reads a data list. */
export async function readList(use: DataSetUse, mmarRoot: string): Promise<Result<JsonObject>> {
  const text = await readMmarText(mmarRoot, use.listFile);
  if (text.ok) return parseJsonObject(text.value, use.listName);
  const place = { component: use.dataset.name, argument: 'data_list_file_path' };
  return fail(
    ...text.faults.map((fault) => ({ ...fault, ...place, message: `The data list: ${fault.message}` })),
  );
}

/**
 * Looks at every image of the cases that a data set uses: there, readable, complete, and of one size within a case.
 * Faults name the data list and the place in it.
 */
export async function surveyCases(list: JsonObject, use: DataSetUse, probe: Probe): Promise<CaseSurvey> {
  const found = casesOf(list, use.listKey, use.listName);
  if (!found.ok) return { count: 0, cases: [], faults: found.faults, warnings: [] };
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  const cases: CaseImages[] = [];
  for (const item of found.value) {
    const surveyed = await surveyCase(item, use, probe);
    faults.push(...surveyed.faults);
    warnings.push(...surveyed.warnings);
    if (surveyed.faults.length === 0) cases.push({ index: item.index, images: surveyed.images });
  }
  return { count: found.value.length, cases, faults, warnings };
}

async function surveyCase(
  item: DataListCase,
  use: DataSetUse,
  probe: Probe,
): Promise<{ images: CaseImages['images']; faults: readonly Fault[]; warnings: readonly Fault[] }> {
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  const images: Record<string, readonly LocatedImage[]> = {};
  for (const key of use.imageKeys) {
    const paths = pathsOf(item.fields[key]);
    if (paths.length === 0) {
      faults.push(missingKey(item, key, use));
      continue;
    }
    const located: LocatedImage[] = [];
    for (const path of paths) {
      const file = resolve(use.dataRoot, path);
      const facts = await probe(file);
      const place = (fault: Fault): Fault => placeFault(fault, item, key, path, use);
      if (!facts.ok) faults.push(...facts.faults.map(place));
      else {
        located.push({ file, facts: facts.value });
        warnings.push(...facts.value.warnings.map(place));
      }
    }
    if (located.length === paths.length) images[key] = located;
  }
  return { images, faults: [...faults, ...findSizeMismatch(images, item, use)], warnings };
}

function pathsOf(value: Json | undefined): readonly string[] {
  const values: readonly (Json | undefined)[] = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return values.every((path) => typeof path === 'string' && path !== '') ? (values as readonly string[]) : [];
}

function missingKey(item: DataListCase, key: string, { listKey, listName }: DataSetUse): Fault {
  const known = Object.keys(item.fields).filter((name) => pathsOf(item.fields[name]).length > 0);
  return {
    code: 'data-list',
    file: listName,
    path: [listKey, item.index, key],
    message: `The case has no path under "${key}", which LoadImaged reads.${suggestNames(key, known)}`,
    ...(isJsonObject(item.fields) && known.length > 0 ? { allowed: known.join(', ') } : {}),
  };
}

function placeFault(fault: Fault, item: DataListCase, key: string, path: string, use: DataSetUse): Fault {
  const message = /[.!?]$/.test(fault.message) ? fault.message : `${fault.message}.`;
  return {
    ...fault,
    file: use.listName,
    path: [use.listKey, item.index, key],
    message: `${JSON.stringify(path)}: ${message}`,
  };
}

/** Spatial sizes of an image: the first three, or fewer. */
export const spatialSizeOf = ({ shape }: ImageGrid): readonly number[] => shape.slice(0, 3);

function findSizeMismatch(
  images: CaseImages['images'],
  item: DataListCase,
  use: DataSetUse,
): readonly Fault[] {
  const sizes = Object.entries(images).flatMap(([key, files]) =>
    files.map(({ facts }) => ({ key, text: spatialSizeOf(facts).join(' x ') })),
  );
  const [first] = sizes;
  const other = sizes.find(({ text }) => text !== first?.text);
  if (first === undefined || other === undefined) return [];
  return [
    {
      code: 'image-size-mismatch',
      file: use.listName,
      path: [use.listKey, item.index],
      message: `"${first.key}" has ${first.text} voxels, but "${other.key}" has ${other.text}.`,
      allowed: 'images and labels of one case on the same grid',
    },
  ];
}
