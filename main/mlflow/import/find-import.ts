import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FaultError } from '../../../common/fault.ts';
import { RUN_FILES } from '../../automl/run-folder.ts';
import { DATABASE_FILE } from '../store/store-fault.ts';
import { isFileStore } from './read-file-store.ts';

/** What a path holds that can be imported. */
export type Importable =
  | { readonly kind: 'file-store'; readonly folder: string }
  | { readonly kind: 'database'; readonly file: string }
  /** Searches by Outerloop, each with its MMAR. */
  | {
      readonly kind: 'searches';
      readonly runs: readonly { readonly runRoot: string; readonly mmarRoot: string }[];
    };

/**
 * Recognises an `mlruns` folder or the folder that holds one, a database of MLflow or the folder that holds one, an MMAR with its
 * searches, and the folder of one search.
 *
 * @throws FaultError for anything else
 */
export async function findImport(path: string): Promise<Importable> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true) return { kind: 'database', file: path };
  if (found === undefined) throw nothing(path, 'There is nothing at this path.');
  if (await exists(join(path, RUN_FILES.journal)))
    return { kind: 'searches', runs: [{ runRoot: path, mmarRoot: dirname(dirname(path)) }] };
  const searches = await findSearches(path);
  if (searches.length > 0) return { kind: 'searches', runs: searches };
  for (const folder of [path, join(path, 'mlruns')])
    if (await isFileStore(folder)) return { kind: 'file-store', folder };
  const database = join(path, DATABASE_FILE);
  if (await exists(database)) return { kind: 'database', file: database };
  throw nothing(path, 'There are no runs here that can be imported.');
}

async function findSearches(mmarRoot: string): Promise<readonly { runRoot: string; mmarRoot: string }[]> {
  const folder = join(mmarRoot, 'automl');
  const found = [];
  for (const name of (await readdir(folder).catch(() => [])).toSorted())
    if (await exists(join(folder, name, RUN_FILES.journal)))
      found.push({ runRoot: join(folder, name), mmarRoot });
  return found;
}

function nothing(path: string, message: string): FaultError {
  return new FaultError({
    code: 'file-missing',
    file: basename(path),
    message,
    allowed:
      'an mlruns folder, a database of MLflow (mlflow.db), an MMAR or the folder of one of its searches',
  });
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
