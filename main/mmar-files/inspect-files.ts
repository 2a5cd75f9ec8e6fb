import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { InspectedFile } from '../../common/api/data-list.ts';
import { voxelSizesMm } from '../../common/imaging/affine.ts';
import { bestAffineOf } from '../../common/imaging/nifti-affine.ts';
import { readImageHeader } from '../imaging/read-image-header.ts';

/** Files that are looked at together. */
const AT_ONCE = 32;

/**
 * Looks whether files are there, and at what their headers say.
 *
 * @param root absolute folder that relative paths start from
 */
export async function inspectFiles(
  root: string,
  paths: readonly string[],
  withHeaders: boolean,
): Promise<InspectedFile[]> {
  const found: InspectedFile[] = [];
  for (let from = 0; from < paths.length; from += AT_ONCE) {
    const some = paths.slice(from, from + AT_ONCE);
    found.push(...(await Promise.all(some.map((path) => inspectFile(root, path, withHeaders)))));
  }
  return found;
}

async function inspectFile(root: string, path: string, withHeaders: boolean): Promise<InspectedFile> {
  const sizeBytes = await sizeOf(resolve(root, path));
  if (sizeBytes === null || !withHeaders) return { path, sizeBytes };
  return { path, sizeBytes, ...(await readShape(root, path)) };
}

/** What the header of an image says; nothing for a file of a format whose header is not read, or a folder. */
export async function readShape(
  root: string,
  path: string,
): Promise<Pick<InspectedFile, 'shape' | 'spacingMm' | 'problem'>> {
  if (!/\.(nii|hdr|img)(\.gz)?$/i.test(path)) return {};
  const header = await readImageHeader(resolve(root, path), path);
  if (!header.ok) return { problem: header.faults[0]!.message };
  const affine = bestAffineOf(header.value);
  const { shape } = header.value;
  return affine.ok
    ? { shape: [...shape], spacingMm: [...voxelSizesMm(affine.value)] }
    : { shape: [...shape], problem: affine.faults[0]!.message };
}

/** Bytes of a file, of a folder those of the files in it; null where nothing is. */
export async function sizeOf(file: string): Promise<number | null> {
  try {
    const found = await stat(file);
    if (!found.isDirectory()) return found.size;
    const entries = await readdir(file, { withFileTypes: true });
    const sizes = await Promise.all(
      entries.filter((entry) => entry.isFile()).map(async ({ name }) => (await stat(join(file, name))).size),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch {
    return null;
  }
}
