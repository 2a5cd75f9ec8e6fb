import { resolve } from 'node:path';
import type { ResolvedAutomlConfig } from '../../common/mmar/config-automl.ts';
import { requireWritePlace } from '../mmar/trust/write-places.ts';
import type { RunRequest } from './run-request.ts';

/** Arguments of config_automl.json that name a folder to write into. */
const FOLDERS: Readonly<Record<string, string>> = { MMARHandler: 'work_dir', MLflowHandler: 'store_dir' };

/**
 * Makes sure that the search writes into its MMAR, or where the user has allowed it to: its config may be somebody else's.
 *
 * @param config as it stands in the file, without what the program adds
 * @throws FaultError `path-not-allowed`
 */
export async function requireWritePlaces(
  { mmarRoot, writeTo = [] }: Pick<RunRequest, 'mmarRoot' | 'writeTo'>,
  { file, handlers }: ResolvedAutomlConfig,
): Promise<void> {
  for (const { name, path, args, at } of handlers) {
    const argument = path === undefined ? FOLDERS[name] : undefined;
    const folder = argument === undefined ? undefined : args[argument];
    if (argument === undefined || typeof folder !== 'string') continue;
    const where = { file, path: [...at, 'args', argument], component: name, argument };
    await requireWritePlace(resolve(mmarRoot, folder), mmarRoot, writeTo, where);
  }
}
