import type { Command } from 'commander';
import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { FaultError } from '../../../common/fault.ts';
import { openWritePlaces } from '../../mmar/trust/write-places.ts';
import { dataFolder } from '../../node/data-folder.ts';
import { locateMmar } from '../locate-mmar.ts';
import type { Output } from '../output.ts';

/** `outerloop mmar write-to`: where outside of it the configs of an MMAR may write. */
export function addWriteToCommand(mmar: Command, output: Output): void {
  mmar
    .command('write-to')
    .description('allow the configs of an MMAR to write into a folder outside of it, or list what is allowed')
    .argument('<mmar>', 'the MMAR')
    .argument('[folder]', 'such as a larger disk that runs or results go to')
    .option('--revoke', 'take that back')
    .action(async (mmarPath: string, place: string | undefined, { revoke }: { revoke?: boolean }) => {
      const root = await locateMmar(mmarPath);
      const places = openWritePlaces(dataFolder());
      if (place !== undefined) {
        const folder = resolve(place);
        if (revoke !== true) await requireFolder(folder, place);
        const [by, at] = [userInfo().username, new Date().toISOString()];
        await places.decide({ mmar: root, folder, isAllowed: revoke !== true, by, at });
      }
      const allowed = await places.list(root);
      if (allowed.length === 0) output.line('The configs of this MMAR write into the MMAR alone.');
      for (const folder of allowed) output.line(`The configs of this MMAR may write into ${folder}`);
    });
}

/** What a search, or a training, of the MMAR may write to outside of it. @param mmarRoot absolute path */
export function allowedHere(mmarRoot: string): Promise<readonly string[]> {
  return openWritePlaces(dataFolder()).list(mmarRoot);
}

async function requireFolder(folder: string, given: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  throw new FaultError({
    code: 'file-missing',
    file: given,
    message: 'There is no such folder.',
    allowed: 'a folder that exists',
  });
}
