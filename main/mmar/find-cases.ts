import { basename, join, resolve } from 'node:path';
import { FaultError, type Fault } from '../../common/fault.ts';
import { readImageGrid } from '../imaging/read-image-grid.ts';
import { folderExists } from '../node/folder-exists.ts';
import { listImages } from './list-images.ts';
import { isLabelName, pairFiles, type PairedCase, type Pairing } from './pair-files.ts';

/** Folders of a data set, relative to its root. */
export interface Places {
  readonly images: string;
  readonly labels: string;
}

const IMAGE_FOLDERS = ['images', 'imagesTr', 'image', 'img'];
const LABEL_FOLDERS = ['labels', 'labelsTr', 'label', 'masks', 'segmentations'];

/** The folders that are named, or those that data sets usually have. @throws FaultError `file-missing` */
export async function findPlaces(folder: string, { images, labels }: Partial<Places>): Promise<Places> {
  if (!(await folderExists(folder)))
    throw new FaultError({
      code: 'file-missing',
      file: basename(folder),
      message: 'There is no such folder.',
    });
  const found = {
    images: images ?? (await firstFolder(folder, IMAGE_FOLDERS)) ?? '.',
    labels: labels ?? (await firstFolder(folder, LABEL_FOLDERS)) ?? images ?? '.',
  };
  const faults: Fault[] = [];
  for (const [option, place] of Object.entries(found)) {
    if (await folderExists(resolve(folder, place))) continue;
    faults.push({
      code: 'file-missing',
      file: place,
      argument: option,
      message: `The folder of the ${option} is not there.`,
      allowed: `a folder in ${basename(folder)}`,
    });
  }
  if (faults.length > 0) throw new FaultError(...faults);
  return found;
}

/**
 * The cases of a data set, paired by name.
 *
 * @throws FaultError `data-list-empty`, and `data-list` for every image and label that has no partner
 */
export async function pairCases(root: string, places: Places): Promise<readonly PairedCase[]> {
  const { cases, imagesWithoutLabel, labelsWithoutImage, secondImages, secondLabels } = await matchCases(
    root,
    places,
  );
  const faults = [
    ...imagesWithoutLabel.map((file) => unpaired(file, `The image has no label in ${places.labels}.`)),
    ...labelsWithoutImage.map((file) => unpaired(file, `The label has no image in ${places.images}.`)),
    ...secondImages.map((file) => unpaired(file, 'Another image has the same name.')),
    ...secondLabels.map((file) => unpaired(file, 'Another label has the name of the same case.')),
  ];
  if (faults.length > 0) throw new FaultError(...faults);
  return cases;
}

/**
 * Pairs what is in the folders of a data set, and tells what has no partner.
 *
 * @throws FaultError `data-list-empty` for folders without images or labels
 */
export async function matchCases(root: string, places: Places): Promise<Pairing> {
  const [imageFolder, labelFolder] = [resolve(root, places.images), resolve(root, places.labels)];
  const isShared = imageFolder === labelFolder;
  const images = await listImages(root, places.images, {
    except: labelFolder,
    isFileInFolder: false,
    ...(isShared ? { accepts: (name) => !isLabelName(name) } : {}),
  });
  const labels = await listImages(root, places.labels, {
    except: imageFolder,
    isFileInFolder: true,
    ...(isShared ? { accepts: isLabelName } : {}),
  });
  if (images.length === 0) throw new FaultError(nothing('images', places.images));
  if (labels.length === 0) throw new FaultError(nothing('labels', places.labels));
  return pairFiles(images, labels);
}

/** @throws FaultError `image-size-mismatch` for each file of another size than its case's label, or what makes it unreadable */
export async function compareSizes(root: string, cases: readonly PairedCase[]): Promise<void> {
  const faults: Fault[] = [];
  for (const { images, label } of cases) {
    const headers = await Promise.all(
      [label, ...images].map(async (file) => [file, await readImageGrid(join(root, file), file)] as const),
    );
    const read = headers.flatMap(([file, header]) => {
      if (header.ok) return [{ file, shape: header.value.shape.slice(0, 3) }];
      faults.push(...header.faults);
      return [];
    });
    const [first, ...others] = read;
    for (const { file, shape } of others) {
      if (shape.join() === first!.shape.join()) continue;
      faults.push({
        code: 'image-size-mismatch',
        file,
        message: `It has ${shape.join(' x ')} voxels, ${first!.file} has ${first!.shape.join(' x ')}.`,
        allowed: 'images and labels of one case with the same size',
      });
    }
  }
  if (faults.length > 0) throw new FaultError(...faults);
}

const unpaired = (file: string, message: string): Fault => ({
  code: 'data-list',
  file,
  message,
  allowed:
    'equal names but for the ending, _label, _seg or _mask behind the label, _0000 behind the image; for a DICOM series that of its folder',
});

const nothing = (what: 'images' | 'labels', place: string): Fault => ({
  code: 'data-list-empty',
  file: place,
  argument: what,
  message: `The folder holds no ${what}.`,
  allowed: '.nii, .nii.gz, .nrrd, .nhdr, .mha or .mhd files, or a folder for each case with its DICOM series',
});

async function firstFolder(root: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) if (await folderExists(join(root, name))) return name;
  return undefined;
}
