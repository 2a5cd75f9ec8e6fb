import { readdir } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type { CaseSource, FoundCase } from '../../common/api/data-list.ts';
import { FaultError, unwrap, type Fault } from '../../common/fault.ts';
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
  const { files, isCut } = await listBelow(start);
  const isAbsolute = resolve(root, image) === resolve(image);
  const cases = files.flatMap((file): FoundCase[] => {
    const parts = images.match(isAbsolute ? toSlashes(file) : pathFrom(root, file));
    if (parts === undefined || !isImageName(file.split(sep).at(-1)!)) return [];
    const path = labels === undefined ? undefined : pathFrom(root, resolve(root, labels.fill(parts)));
    return [describeCase([pathFrom(root, file)], path)];
  });
  if (cases.length === 0)
    throw new FaultError({
      code: 'data-list-empty',
      argument: 'image',
      message: 'No image fits the pattern.',
      allowed: 'a path from the data root with * in it, such as images/*.nii.gz',
    });
  const cut = note(images.folder, `Only the first ${MOST_ENTRIES} entries of the folder were looked at.`);
  return { cases: cases.sort(byImage), notes: isCut ? [cut] : [] };
}

/** Absolute paths of the files in a folder and below; hidden ones and links to folders are left out. */
async function listBelow(
  folder: string,
): Promise<{ readonly files: readonly string[]; readonly isCut: boolean }> {
  const files: string[] = [];
  const waiting = [folder];
  let seen = 0;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const at = next;
    const reading = readdir(at, { withFileTypes: true });
    // What cannot be read further down is no reason to find nothing.
    const entries = await (at === folder
      ? withFileFaults(folder.split(sep).at(-1)!, () => reading)
      : reading.catch(() => []));
    for (const entry of entries) {
      if (++seen > MOST_ENTRIES) return { files, isCut: true };
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) waiting.push(join(at, entry.name));
      else files.push(join(at, entry.name));
    }
  }
  return { files, isCut: false };
}

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
