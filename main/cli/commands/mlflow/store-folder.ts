import { join, resolve } from 'node:path';
import { dataFolder } from '../../../node/data-folder.ts';

/** The folder of the tracking store that a command works on: the one that was named, or the user's own. */
export function chooseStoreFolder(named: string | undefined): string {
  return named === undefined ? join(dataFolder(), 'mlflow') : resolve(named);
}
