import { formatJsonPath, isJsonObject, type Json, type JsonPath } from './json.ts';

/** A place where JSON documents are not the same; undefined where a document has nothing there. */
export interface JsonDifference {
  readonly path: JsonPath;
  readonly values: readonly (Json | undefined)[];
}

/**
 * Where documents differ, in the order of the first that has the place. Objects, and lists of equal length, are compared
 * item by item; anything else as a whole.
 */
export function findJsonDifferences(
  documents: readonly (Json | undefined)[],
  path: JsonPath = [],
): JsonDifference[] {
  const present = documents.filter((document) => document !== undefined);
  if (present.length === documents.length && present.every(isJsonObject)) {
    const keys = [...new Set(present.flatMap((document) => Object.keys(document)))];
    return keys.flatMap((key) =>
      findJsonDifferences(
        present.map((document) => document[key]),
        [...path, key],
      ),
    );
  }
  const lists: readonly Json[] = present;
  if (present.length === documents.length && areEqualLists(lists)) {
    return lists[0]!.flatMap((_, index) =>
      findJsonDifferences(
        lists.map((document) => document[index]),
        [...path, index],
      ),
    );
  }
  const texts = documents.map((document) => JSON.stringify(document));
  return texts.every((text) => text === texts[0]) ? [] : [{ path, values: documents }];
}

/** `train.loss[1].disabled` */
export const describePlace = ({ path }: JsonDifference): string => formatJsonPath(path);

function areEqualLists(documents: readonly Json[]): documents is readonly (readonly Json[])[] {
  const [first] = documents;
  return (
    Array.isArray(first) &&
    documents.every((document) => Array.isArray(document) && document.length === first.length)
  );
}
