import type { connectionApi } from '../../common/api/connection.ts';
import type { Handlers } from '../../common/rpc/contract.ts';
import { programVersion } from '../node/program-version.ts';

const PLATFORMS = ['linux', 'darwin', 'win32'] as const;

/** Says who answers. */
export function createConnectionService(host: 'electron' | 'serve'): Handlers<typeof connectionApi> {
  return {
    describe: async () => ({
      version: programVersion(),
      host,
      platform: PLATFORMS.find((platform) => platform === process.platform) ?? 'other',
    }),
  };
}
