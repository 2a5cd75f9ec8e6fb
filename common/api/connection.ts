import { z } from 'zod';
import { query } from '../rpc/contract.ts';

/** Who is at the other end. */
export const connectionApi = {
  describe: query(
    z.object({}),
    z.object({
      version: z.string().describe('of the program'),
      host: z.enum(['electron', 'serve']).describe('what shows the window: dialogs differ'),
      platform: z.enum(['linux', 'darwin', 'win32', 'other']),
    }),
  ),
};
