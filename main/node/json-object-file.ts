import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { asFileFault, findFileFault } from '../../common/file-fault.ts';
import { writeAtomicSync } from './write-atomic-sync.ts';

/**
 * A small file that holds one JSON object, read anew every time: another host of the app may have written meanwhile. What
 * is no JSON object counts as empty; it is kept as `<file>.damaged` before it is replaced.
 */
export interface JsonObjectFile {
  read(): Map<string, unknown>;
  /** @throws FaultError when the disk refuses; the file is then as it was */
  change(change: (values: Map<string, unknown>) => void): void;
}

/** @param file absolute path; it and its folder are made with the first change, readable by the user only */
export function openJsonObjectFile(file: string): JsonObjectFile {
  return {
    read: () => parseObject(readText(file)) ?? new Map(),
    change(change) {
      const text = readText(file);
      const values = parseObject(text);
      if (values === undefined) writeAtomicSync(`${file}.damaged`, text);
      const changed = values ?? new Map<string, unknown>();
      change(changed);
      writeAtomicSync(file, `${JSON.stringify(Object.fromEntries(changed), null, 2)}\n`);
    },
  };
}

/** A file that cannot be opened is not taken for an empty one: the next change would lose what it holds. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (findFileFault(error, '')?.code === 'file-missing') return '{}';
    throw asFileFault(error, basename(file));
  }
}

function parseObject(text: string): Map<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return new Map(Object.entries(parsed));
  } catch {
    // What is no JSON is as damaged as what is no object.
  }
  return undefined;
}
