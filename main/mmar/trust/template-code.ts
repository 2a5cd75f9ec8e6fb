import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { templatesFolder } from '../template.ts';

let known: Promise<ReadonlySet<string>> | undefined;

/** `path sha256` of every file of every template: what came with the program needs no trust. */
export function listTemplateCode(): Promise<ReadonlySet<string>> {
  known ??= readTemplateCode();
  return known;
}

async function readTemplateCode(): Promise<ReadonlySet<string>> {
  const found = await readdir(templatesFolder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const entries = await Promise.all(
    files.map(async (file) => {
      const [, ...path] = relative(templatesFolder, file).split(sep);
      return `${path.join('/')} ${createHash('sha256')
        .update(await readFile(file))
        .digest('hex')}`;
    }),
  );
  return new Set(entries);
}
