import type { Command } from 'commander';
import { readVersions } from '../../mmar/archive/versions.ts';
import { formatTable } from '../format.ts';
import { locateMmar } from '../locate-mmar.ts';
import type { Output } from '../output.ts';

/** `outerloop mmar versions`: what its packing has stamped it with. */
export function addVersionsCommand(mmar: Command, output: Output): void {
  mmar
    .command('versions')
    .description('list the versions that "mmar pack" has given an MMAR')
    .argument('<folder>', 'the MMAR')
    .option('--json', 'one version per line, for programs')
    .action(async (folder: string, { json = false }: { json?: boolean }) => {
      const versions = await readVersions(await locateMmar(folder));
      if (json) for (const version of versions) output.line(JSON.stringify(version));
      else if (versions.length === 0) output.line('The MMAR was not packed yet.');
      else {
        const rows = versions.map(({ version, at, digest, note = '' }) => [
          String(version),
          at.slice(0, 16).replace('T', ' '),
          digest.slice(0, 16),
          note,
        ]);
        for (const line of formatTable(['version', 'UTC', 'content', 'note'], rows)) output.line(line);
      }
    });
}
