import { lstat, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CodeModules } from '../../common/user-code/import-gate.ts';
import { digestUserCode, listCodeFolders } from '../mmar/trust/list-user-code.ts';

/** The modules of an MMAR's `custom/` as they are now: what its own components may import. */
export async function listCode(mmarRoot: string): Promise<CodeModules> {
  const root = await realpath(mmarRoot);
  const files = (await listCodeFolders(root)).filter(({ path }) => path.startsWith('custom/'));
  const modules: Record<string, string> = {};
  for (const { path, sha256 } of files) {
    const file = join(root, path);
    if (!(await lstat(file)).isSymbolicLink()) modules[pathToFileURL(file).href] = sha256;
  }
  return { digest: digestUserCode(files), mmarUrl: pathToFileURL(root + sep).href, modules };
}
