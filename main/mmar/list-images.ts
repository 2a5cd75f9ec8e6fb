import { readdir } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { holdsSeries } from '../imaging/dicom/holds-series.ts';
import { withFileFaults } from '../node/file-fault.ts';
import { folderExists } from '../node/folder-exists.ts';
import { isImageName, type NamedImage } from './pair-files.ts';

/** Which entries of a folder may be images. */
export interface ImageFilter {
  /** By the name of a file or of a folder; every one when left out. */
  readonly accepts?: (name: string) => boolean;
  /** A folder that is no image, nor anything that it stands in: absolute path. */
  readonly except: string;
  /** Whether a folder with one image file in it stands for that file. */
  readonly isFileInFolder: boolean;
}

/**
 * The images in a folder: files by their ending, and folders that hold a DICOM series, named as a case by the folder's name.
 *
 * @param root absolute path, that the paths of the images start from
 * @param place the folder, relative to the root
 * @throws FaultError `file-missing`, `file-unreadable` ... for a folder that cannot be looked into
 */
export async function listImages(
  root: string,
  place: string,
  { accepts = () => true, except, isFileInFolder }: ImageFilter,
): Promise<readonly NamedImage[]> {
  const folder = resolve(root, place);
  const found: NamedImage[] = [];
  for (const entry of await withFileFaults(place, () => readdir(folder, { withFileTypes: true }))) {
    const { name } = entry;
    if (name.startsWith('.') || !accepts(name)) continue;
    const path = join(folder, name);
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await folderExists(path)));
    if (!isFolder) {
      if (isImageName(name)) found.push({ name, path: pathFrom(root, path) });
      continue;
    }
    if (path === except || except.startsWith(path + sep)) continue;
    const image = await imageIn(path, pathFrom(root, path), isFileInFolder);
    if (image !== undefined) found.push({ name, path: image });
  }
  return found;
}

/** The image that a folder stands for, if any. @param name its path as a list writes it */
async function imageIn(folder: string, name: string, isFileInFolder: boolean): Promise<string | undefined> {
  return withFileFaults(name, async () => {
    if (await holdsSeries(folder)) return name;
    if (!isFileInFolder) return undefined;
    const images = (await readdir(folder)).filter(isImageName);
    return images.length === 1 ? `${name}/${images[0]}` : undefined;
  });
}

const pathFrom = (root: string, path: string): string => relative(root, path).split(sep).join('/');
