import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyValue } from '../../../common/mlflow/entities.ts';
import { parseFlatYaml, type FlatValue } from './flat-yaml.ts';

/** What a `meta.yaml` of MLflow's file store says; undefined for a folder without one. */
export async function readMeta(folder: string): Promise<Readonly<Record<string, FlatValue>> | undefined> {
  const text = await readFile(join(folder, 'meta.yaml'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseFlatYaml(text);
}

/** One file per key, whose content is the value. */
export async function readTexts(folder: string): Promise<readonly KeyValue[]> {
  const found: KeyValue[] = [];
  for (const key of await filesBelow(folder))
    found.push({ key, value: await readFile(join(folder, key), 'utf8') });
  return found;
}

/** The words of each line of the files below a folder, with the file's path as key. */
export async function* readLines(
  folder: string,
): AsyncGenerator<{ readonly key: string; readonly words: readonly string[] }> {
  for (const key of await filesBelow(folder))
    for (const line of (await readFile(join(folder, key), 'utf8')).split('\n')) {
      const words = line.trim().split(/\s+/);
      if (words.length > 1) yield { key, words };
    }
}

/** A number as Python writes it. */
export function readFloat(text: string): number {
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  return Number(text);
}

/** A number of a YAML file; undefined for none. */
export function toNumber(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || !Number.isFinite(value) ? undefined : value;
}

/** Relative paths with `/`, by name. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .toSorted();
}

/** Names, in their order. */
export async function foldersOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}
