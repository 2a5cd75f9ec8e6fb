import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { InspectedFile } from '../../common/api/data-list.ts';
import { voxelSizesMm } from '../../common/imaging/affine.ts';
import { readImageGrid } from '../imaging/read-image-grid.ts';

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

/** What the header of an image says, or that of a DICOM series; nothing for a picture, which has no place in space. */
export async function readShape(
  root: string,
  path: string,
): Promise<Pick<InspectedFile, 'shape' | 'spacingMm' | 'problem'>> {
  if (/\.(png|jpe?g|tiff?)$/i.test(path)) return {};
  const grid = await readImageGrid(resolve(root, path), path);
  if (!grid.ok) return { problem: grid.faults[0]!.message };
  const { shape, affine } = grid.value;
  return { shape: [...shape], spacingMm: [...voxelSizesMm(affine)] };
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
