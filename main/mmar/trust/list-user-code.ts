import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { withFileFaults } from '../../node/file-fault.ts';
import { listTemplateCode } from './template-code.ts';

/** The folders of an MMAR that hold what runs: modules that configs name by `path`, and scripts. */
const CODE_FOLDERS = ['custom', 'commands'];

/** A file that would run. */
export interface CodeFile {
  /** Relative to the MMAR, with `/`. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/**
 * The files of an MMAR that would run once it is trusted: everything in custom/ and commands/, by path, but what came from
 * a template of this program as it is. Of a link where it leads and what is there.
 */
export async function listUserCode(mmarRoot: string): Promise<readonly CodeFile[]> {
  const files: CodeFile[] = [];
  const ours = await listTemplateCode();
  for (const folder of CODE_FOLDERS) {
    const found = await readdir(join(mmarRoot, folder), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    for (const entry of found) {
      if (entry.isDirectory()) continue;
      const file = join(entry.parentPath, entry.name);
      const path = relative(mmarRoot, file).split(sep).join('/');
      const code = await withFileFaults(path, () => readCode(file));
      if (!ours.has(`${path} ${code.sha256}`)) files.push({ path, ...code });
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function readCode(file: string): Promise<Omit<CodeFile, 'path'>> {
  const found = await lstat(file);
  const hash = createHash('sha256');
  if (found.isSymbolicLink()) {
    hash.update(`link to ${await readlink(file)}\n`);
    hash.update(await readFile(file).catch(() => ''));
  } else hash.update(await readFile(file));
  return { sizeBytes: found.size, sha256: hash.digest('hex') };
}

/** One SHA-256 for all of it: what a decision to trust is about, wherever the MMAR stands. */
export function digestUserCode(files: readonly CodeFile[]): string {
  const hash = createHash('sha256');
  for (const { path, sha256 } of files) hash.update(`${sha256} ${path}\n`);
  return hash.digest('hex');
}
