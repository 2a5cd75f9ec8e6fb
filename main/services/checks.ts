import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { checksApi } from '../../common/api/checks.ts';
import type { MmarId } from '../../common/api/ids.ts';
import type { Handlers } from '../../common/rpc/contract.ts';
import { checkMmar } from '../mmar/check/check-mmar.ts';

const AUTOML_CONFIG = 'config/config_automl.json';

/**
 * Checks whole MMARs.
 *
 * @param folderOf absolute path of an MMAR; throws a FaultError for an unknown one
 * @param writePlaces folders outside an MMAR that the user lets its configs write into; none when left out
 */
export function createChecksService(
  folderOf: (mmar: MmarId) => string,
  writePlaces: (mmarRoot: string) => Promise<readonly string[]> = async () => [],
): Handlers<typeof checksApi> {
  return {
    mmar: async ({ mmar }) => {
      const root = folderOf(mmar);
      const isSearched = existsSync(join(root, AUTOML_CONFIG));
      const { faults, warnings } = await checkMmar(root, {
        writeTo: await writePlaces(root),
        ...(isSearched ? { automlConfig: AUTOML_CONFIG } : {}),
      });
      return { faults: [...faults], warnings: [...warnings] };
    },
  };
}
