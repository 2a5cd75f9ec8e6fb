import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { listForDigest } from '../../../common/user-code/import-gate.ts';
import { RUN_FILES } from '../../automl/run-folder.ts';
import { withFileFaults } from '../../node/file-fault.ts';
import { OWN_FOLDERS } from '../archive/image-files.ts';
import { listTemplateCode } from './template-code.ts';

/** The folders of an MMAR that hold what runs: modules that configs name by `path`, and scripts. */
export const CODE_FOLDERS: readonly string[] = ['custom', 'commands'];

/** Elsewhere in an MMAR, what scripts of the code folders may run or load. */
const CODE_KINDS = new Set(
  '.ts .mts .cts .js .mjs .cjs .node .wasm .sh .bash .zsh .ps1 .psm1 .bat .cmd .exe .py .pyc .pyd .so .dll .dylib .pl .rb .r .m .jar .lua'.split(
    ' ',
  ),
);

/** A file that would run. */
export interface CodeFile {
  /** Relative to the MMAR, with `/`. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/**
 * The files of an MMAR that would run once it is trusted, by path: everything in custom/ and commands/, and with them files
 * of code kinds elsewhere in the MMAR, since a script may call them; nothing that came from a template of this program as it
 * is. A link to a file counts with what is there; what is behind a link to a folder is never run.
 */
export async function listUserCode(mmarRoot: string): Promise<readonly CodeFile[]> {
  return (await surveyCode(mmarRoot)).own;
}

/** All code of an MMAR, looked at once. */
export interface CodeSurvey {
  /** Everything in custom/ and commands/, also what came from a template, and the rest of {@link own}. */
  readonly files: readonly CodeFile[];
  /** What a decision to trust is about: see {@link listUserCode}. */
  readonly own: readonly CodeFile[];
  /** Digest of custom/ alone, all of it, as the trainer makes it. */
  readonly customDigest: string;
}

export async function surveyCode(mmarRoot: string): Promise<CodeSurvey> {
  const ours = await listTemplateCode();
  const isOwn = ({ path, sha256 }: CodeFile): boolean => !ours.has(`${path} ${sha256}`);
  const folders = await listCodeFolders(mmarRoot);
  const hasOwn = folders.some(isOwn);
  const elsewhere = hasOwn ? await readCodeFiles(mmarRoot, await findElsewhere(mmarRoot, '')) : [];
  const others = elsewhere.filter(isOwn);
  return {
    files: sortByPath([...folders, ...others]),
    own: sortByPath([...folders.filter(isOwn), ...others]),
    customDigest: digestUserCode(folders.filter(({ path }) => path.startsWith('custom/'))),
  };
}

/** Everything in custom/ and commands/, also what came from a template. */
export async function listCodeFolders(mmarRoot: string): Promise<readonly CodeFile[]> {
  const found = await Promise.all(CODE_FOLDERS.map((folder) => findFiles(join(mmarRoot, folder))));
  return sortByPath(await readCodeFiles(mmarRoot, found.flat()));
}

/** Links to folders are not followed; one in place of the folder itself leads out of the MMAR. */
async function findFiles(folder: string): Promise<readonly string[]> {
  const isFolder = await lstat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries.map((entry) => {
    const file = join(folder, entry.name);
    return entry.isDirectory() ? findFiles(file) : [file];
  });
  return (await Promise.all(found)).flat();
}

/** Files of code kinds that are in no code folder, in no run and in nothing hidden. */
async function findElsewhere(mmarRoot: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(mmarRoot, folder), { withFileTypes: true }).catch(() => []);
  // a run's jobs hold the code again; a file of that name makes no run of the MMAR's own folders
  const isOwn = folder === '' || OWN_FOLDERS.includes(folder.split(sep)[0]!);
  if (!isOwn && entries.some(({ name }) => name === RUN_FILES.journal)) return [];
  const found: string[] = [];
  for (const entry of entries) {
    const { name } = entry;
    if (name.startsWith('.') || (folder === '' && CODE_FOLDERS.includes(name))) continue;
    if (entry.isDirectory()) found.push(...(await findElsewhere(mmarRoot, join(folder, name))));
    else if (CODE_KINDS.has(extname(name).toLowerCase())) found.push(join(mmarRoot, folder, name));
  }
  return found;
}

async function readCodeFiles(mmarRoot: string, files: readonly string[]): Promise<CodeFile[]> {
  const read: CodeFile[] = [];
  for (const file of files) {
    const path = relative(mmarRoot, file).split(sep).join('/');
    const code = await withFileFaults(path, () => readCode(file));
    if (code !== undefined) read.push({ path, ...code });
  }
  return read;
}

/** Undefined for what is no file, and for a link to none. */
async function readCode(file: string): Promise<Omit<CodeFile, 'path'> | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true) return undefined;
  const content = await readFile(file);
  return { sizeBytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

const sortByPath = (files: readonly CodeFile[]): CodeFile[] =>
  files.toSorted((a, b) => (a.path < b.path ? -1 : 1));

/** One SHA-256 for all of it: what a decision to trust is about, wherever the MMAR stands. */
export function digestUserCode(files: readonly CodeFile[]): string {
  return createHash('sha256').update(listForDigest(files)).digest('hex');
}
