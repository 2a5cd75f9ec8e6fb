import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MLflowError } from '../../../common/mlflow/error.ts';
import { artifactPathOf } from '../artifacts/artifact-path.ts';
import type { ImportedFiles } from './import-source.ts';

export interface FileSurroundings {
  /** Absolute path of the store's folder, which relative paths begin at. */
  readonly folder: string;
  /** Absolute path of the folder in which its server keeps what it takes itself, where there is one. */
  readonly root: string | undefined;
}

/** Through the store's own server: below that one's folder. A path or `file:` address: there. Anything else is elsewhere. */
export function locateFiles(uri: string, { folder, root }: FileSurroundings): ImportedFiles {
  const proxied = findProxied(uri);
  if (proxied !== undefined)
    return root === undefined ? { elsewhere: describePlace(uri) } : { folder: join(root, proxied) };
  if (/^file:/i.test(uri)) return findFile(uri) ?? { elsewhere: describePlace(uri) };
  if (/^[a-z][a-z0-9+.-]+:/i.test(uri)) return { elsewhere: describePlace(uri) };
  return { folder: isAbsolute(uri) ? uri : join(folder, uri) };
}

/** True for an address that the store's own server stands for. */
export const isProxied = (uri: string): boolean => findProxied(uri) !== undefined;

function findProxied(uri: string): string | undefined {
  try {
    return artifactPathOf(uri);
  } catch (error) {
    if (error instanceof MLflowError) return undefined;
    throw error;
  }
}

/** Undefined for the file of another computer. */
function findFile(uri: string): ImportedFiles | undefined {
  try {
    return { folder: fileURLToPath(uri) };
  } catch {
    return undefined;
  }
}

/** An address without who may read there. */
const describePlace = (uri: string): string => uri.replace(/\/\/[^/@]*@/, '//').replace(/[?#].*$/, '');
