import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { keysByUse, useOfKey, type DataListUse } from '../mmar/data-list-use.ts';
import { filesOfCase, type NamedFile } from '../mmar/case-files.ts';

/** Where a case stands in a data list. */
export interface CaseRef {
  /** Of its section. */
  readonly key: string;
  /** Its place in the section, counted from 0. */
  readonly index: number;
}

/** One entry of a section. */
export interface ListedCase extends CaseRef {
  /** Unlike any other entry's of the list. */
  readonly id: string;
  /** What the list says of it, an entry that is a path alone as `{image}`. */
  readonly fields: JsonObject;
  readonly image: readonly string[];
  readonly label: readonly string[];
  /** All its image files. */
  readonly files: readonly NamedFile[];
  /** False for an entry that is no case at all. */
  readonly isCase: boolean;
}

/** The cases under one key. */
export interface ListedSection {
  readonly key: string;
  readonly use?: DataListUse;
  /** False for one that the environment names and the list does not have. */
  readonly isPresent: boolean;
  readonly cases: readonly ListedCase[];
}

/** Keys whose lists are descriptions, also when they hold texts. */
const DESCRIPTIONS = new Set(['labels', 'modality', 'tags', 'classes', 'channels']);

/** The sections of a data list: those that the environment uses first, in the order of their uses, then the others. */
export function outlineDataList(list: Json, environment: JsonObject): readonly ListedSection[] {
  const object = isJsonObject(list) ? list : {};
  const used = Object.values(keysByUse(environment)).filter((key) => key !== '');
  const others = Object.keys(object).filter((key) => isSection(key, object[key]!));
  return [...new Set([...used, ...others])].map((key) => {
    const value = object[key];
    const use = useOfKey(key, environment);
    return {
      key,
      ...(use === undefined ? {} : { use }),
      isPresent: value !== undefined,
      cases: Array.isArray(value) ? value.map((item: Json, index) => listCase(item, key, index)) : [],
    };
  });
}

function isSection(key: string, value: Json): boolean {
  if (!Array.isArray(value) || DESCRIPTIONS.has(key)) return false;
  return value.every((item: Json) => typeof item === 'string' || isJsonObject(item));
}

function listCase(item: Json, key: string, index: number): ListedCase {
  const isPaths = typeof item === 'string' || (Array.isArray(item) && item.every(isText));
  const fields: JsonObject = isJsonObject(item) ? item : isPaths ? { image: item } : {};
  return {
    id: `${key}/${index}`,
    key,
    index,
    fields,
    image: pathsIn(fields.image),
    label: pathsIn(fields.label),
    files: filesOfCase(fields),
    isCase: isPaths || Object.hasOwn(fields, 'image') || Object.hasOwn(fields, 'label'),
  };
}

const isText = (value: Json): value is string => typeof value === 'string';

const pathsIn = (value: Json | undefined): readonly string[] =>
  (Array.isArray(value) ? (value as readonly Json[]) : value === undefined ? [] : [value]).filter(isText);
