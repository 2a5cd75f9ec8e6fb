import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { CaseSource, FoundCase } from '../../common/api/data-list.ts';
import { FaultError, unwrap, type Fault } from '../../common/fault.ts';
import { holdsSeries } from '../imaging/dicom/holds-series.ts';
import { findPlaces, matchCases } from '../mmar/find-cases.ts';
import { isImageName } from '../mmar/pair-files.ts';
import { withFileFaults } from '../node/file-fault.ts';
import { readPathPattern } from './path-pattern.ts';

/** Cases that could be added, and what was seen on the way. */
export interface FoundCases {
  readonly cases: FoundCase[];
  readonly notes: Fault[];
}

/** Entries that are looked at below the folder of a pattern. */
const MOST_ENTRIES = 200_000;

/**
 * Looks for cases that a data list could name.
 *
 * @param root absolute folder that paths of the list start from: what is within it is named relative to it
 */
export async function findNewCases(root: string, source: CaseSource): Promise<FoundCases> {
  switch (source.kind) {
    case 'folders':
      return findInFolders(root, source);
    case 'pattern':
      return findByPattern(root, source);
    case 'files': {
      const images = source.images.map((path) => pathFrom(root, resolve(root, path)));
      const label = source.label === undefined ? undefined : pathFrom(root, resolve(root, source.label));
      return { cases: [describeCase(images, label)], notes: [] };
    }
  }
}

async function findInFolders(
  root: string,
  { folder, images, labels }: CaseSource & { readonly kind: 'folders' },
): Promise<FoundCases> {
  const base = resolve(root, folder);
  const places = await findPlaces(base, {
    ...(images === undefined ? {} : { images }),
    ...(labels === undefined ? {} : { labels }),
  });
  const found = await matchCases(base, places);
  const fromRoot = (path: string): string => pathFrom(root, join(base, path));
  return {
    cases: found.cases.map(({ images: files, label }) => describeCase(files.map(fromRoot), fromRoot(label))),
    notes: [
      ...found.imagesWithoutLabel.map((file) =>
        note(fromRoot(file), 'The image has no label: it is left out.'),
      ),
      ...found.labelsWithoutImage.map((file) =>
        note(fromRoot(file), 'The label has no image: it is left out.'),
      ),
      ...found.secondImages.map((file) => note(fromRoot(file), 'Another image has the same name.')),
      ...found.secondLabels.map((file) =>
        note(fromRoot(file), 'Another label has the name of the same case.'),
      ),
    ],
  };
}

async function findByPattern(
  root: string,
  { image, label }: CaseSource & { readonly kind: 'pattern' },
): Promise<FoundCases> {
  const images = unwrap(readPathPattern(toSlashes(image)));
  const labels = label === undefined ? undefined : unwrap(readPathPattern(toSlashes(label)));
  if (labels !== undefined && labels.wildcards > images.wildcards)
    throw new FaultError({
      code: 'usage',
      argument: 'label',
      message: 'The pattern of the labels has more wildcards than that of the images.',
      allowed: 'at most as many: each stands for what it stood for in the path of the image',
    });
  const start = resolve(root, images.folder === '' && image.startsWith('/') ? '/' : images.folder);
  const isAbsolute = resolve(root, image) === resolve(image);
  const match = (path: string): readonly string[] | undefined =>
    images.match(isAbsolute ? toSlashes(path) : pathFrom(root, path));
  const { found, isCut } = await listBelow(start, (path) => match(path) !== undefined);
  const cases = found.map((path): FoundCase => {
    const label = labels === undefined ? undefined : pathFrom(root, resolve(root, labels.fill(match(path)!)));
    return describeCase([pathFrom(root, path)], label);
  });
  if (cases.length === 0)
    throw new FaultError({
      code: 'data-list-empty',
      argument: 'image',
      message: 'No image fits the pattern.',
      allowed:
        'a path from the data root with * in it, such as images/*.nii.gz, or images/* for folders of DICOM series',
    });
  const cut = note(images.folder, `Only the first ${MOST_ENTRIES} entries of the folder were looked at.`);
  return { cases: cases.sort(byImage), notes: isCut ? [cut] : [] };
}

/**
 * Absolute paths of the images in a folder and below: files, and folders of DICOM series, into which it goes no further. Hidden
 * entries and links to folders are left out.
 *
 * @param isWanted whether a path, of a file or a folder, is asked for
 */
async function listBelow(
  folder: string,
  isWanted: (path: string) => boolean,
): Promise<{ readonly found: readonly string[]; readonly isCut: boolean }> {
  const found: string[] = [];
  const waiting = [folder];
  let seen = 0;
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    if (at !== folder && isWanted(at) && (await isSeries(at))) {
      found.push(at);
      continue;
    }
    for (const entry of await readEntries(at, at === folder)) {
      if (++seen > MOST_ENTRIES) return { found, isCut: true };
      const path = join(at, entry.name);
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) waiting.push(path);
      else if (isImageName(entry.name) && isWanted(path)) found.push(path);
    }
  }
  return { found, isCut: false };
}

/** What cannot be read further down is no reason to find nothing. */
const readEntries = (folder: string, isStart: boolean): Promise<readonly Dirent[]> => {
  const reading = readdir(folder, { withFileTypes: true });
  return isStart ? withFileFaults(basename(folder), () => reading) : reading.catch(() => []);
};

const isSeries = (folder: string): Promise<boolean> => holdsSeries(folder).catch(() => false);

function describeCase(images: readonly string[], label: string | undefined): FoundCase {
  const image = images.length === 1 ? images[0]! : [...images];
  return label === undefined ? { image } : { image, label };
}

/** As a list writes it: relative to the data root, with slashes; the whole path of what is not within it. */
function pathFrom(root: string, file: string): string {
  const way = relative(root, file);
  const isWithin = way !== '..' && !way.startsWith(`..${sep}`) && resolve(way) !== way;
  return toSlashes(isWithin ? way : file);
}

const toSlashes = (path: string): string => (sep === '\\' ? path.split(sep).join('/') : path);

function byImage(a: FoundCase, b: FoundCase): number {
  const [left, right] = [String(a.image), String(b.image)];
  return left < right ? -1 : left > right ? 1 : 0;
}

const note = (file: string, message: string): Fault => ({ code: 'data-list', file, message });
