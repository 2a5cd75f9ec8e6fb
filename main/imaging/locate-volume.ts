import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { z } from 'zod';
import type { volumePlace } from '../../common/api/images.ts';
import { FaultError, unwrap } from '../../common/fault.ts';
import { isJsonObject, type Json, type JsonObject } from '../../common/json.ts';
import { casesOf } from '../../common/mmar/data-list.ts';
import { asImageFault } from './read-bytes.ts';
import type { VolumeSource } from './volume-source.ts';
import type { VolumeReader } from './volume-reader.ts';
import type { VolumeRecipe } from './volume-store.ts';

/** A data list as far as finding the files of its cases needs it. */
export interface CaseList {
  /** What faults call the list. */
  readonly listName: string;
  /** Absolute folder that paths start from. */
  readonly root: string;
  readonly json: JsonObject;
}

type CasePlace = Extract<z.output<typeof volumePlace>, { from: 'case' }>;

/** The file of an image of a case: absolute, and as the list writes it. */
export interface CaseImage {
  readonly file: string;
  readonly name: string;
}

/** @throws FaultError `data-list` for a case, or an image of it, that the list does not have */
export function locateCaseImage(
  { listName, root, json }: CaseList,
  { list, index, key, file }: Pick<CasePlace, 'list' | 'index' | 'key' | 'file'>,
): CaseImage {
  const cases = unwrap(casesOf(json, list, listName));
  const found = cases.find((item) => item.index === index);
  const paths = pathsOf(found?.fields[key]);
  const path = paths[file];
  if (path !== undefined) return { file: resolve(root, path), name: path.replace(/^(?:\.\/)+/, '') };
  const hasCase = found !== undefined;
  throw new FaultError({
    code: 'data-list',
    file: listName,
    path: hasCase ? [list, index, key] : [list, index],
    message: hasCase ? `The case has no image "${key}".` : `There is no case ${index}.`,
    ...(hasCase && isJsonObject(found.fields) ? { allowed: Object.keys(found.fields).join(', ') } : {}),
  });
}

function pathsOf(value: Json | undefined): readonly string[] {
  const values: readonly (Json | undefined)[] = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return values.filter((path) => typeof path === 'string');
}

/**
 * How to read an image file; the file's time and size are part of its identity, so that a changed file is another volume.
 *
 * @throws FaultError `image-missing`, `image-unreadable`
 */
export async function recipeOf(
  { file, name }: CaseImage,
  { channel, series }: Pick<VolumeSource, 'channel' | 'series'>,
  reader: VolumeReader,
): Promise<VolumeRecipe> {
  try {
    const real = await realpath(file);
    const { mtimeMs, size } = await stat(real);
    return {
      identity: JSON.stringify([real, mtimeMs, size, channel, series ?? 0]),
      start: () => reader.start({ file: real, name, channel, ...(series === undefined ? {} : { series }) }),
    };
  } catch (error) {
    throw asImageFault(error, name);
  }
}
