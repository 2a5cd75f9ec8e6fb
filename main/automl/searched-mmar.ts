import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError, unwrap } from '../../common/fault.ts';
import type { JsonObject } from '../../common/json.ts';
import { readEnvironment } from '../../common/mmar/environment.ts';
import { parseJsonObject } from '../../common/mmar/parse-json.ts';
import { withFileFaults } from '../node/file-fault.ts';

/** What a search needs of an MMAR. */
export interface SearchedMmar {
  /** Absolute path. */
  readonly root: string;
  /** The train config with its search, relative to the MMAR. */
  readonly trainConfigFile: string;
  readonly trainConfig: JsonObject;
  /** SHA-256 of the train config's text. */
  readonly trainConfigDigest: string;
  readonly environment: JsonObject;
}

/** Reads the configs of an MMAR. @param trainConfigName a file in config/ */
export async function readSearchedMmar(root: string, trainConfigName: string): Promise<SearchedMmar> {
  const trainConfigFile = `config/${trainConfigName}`;
  const text = await readText(root, trainConfigFile);
  return {
    root,
    trainConfigFile,
    trainConfig: unwrap(parseJsonObject(text, trainConfigFile)),
    trainConfigDigest: digest(text),
    environment: await readMmarEnvironment(root),
  };
}

/** config/environment.json of an MMAR; an MMAR may do without. */
export async function readMmarEnvironment(root: string): Promise<JsonObject> {
  const file = 'config/environment.json';
  try {
    return unwrap(readEnvironment(await readText(root, file), file));
  } catch (error) {
    if (error instanceof FaultError && error.faults[0]?.code === 'file-missing') return {};
    throw error;
  }
}

/** A text file of the MMAR; faults name it relative to the MMAR. */
export async function readText(root: string, file: string): Promise<string> {
  return withFileFaults(file, () => readFile(join(root, file), 'utf8'));
}

/** SHA-256, hexadecimal. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
