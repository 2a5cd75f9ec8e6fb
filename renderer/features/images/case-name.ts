import type { DataListCaseRow } from '../../../common/api/data-list.ts';

/**
 * What a case is called: the name of its image without folders and endings. It is shown within the view alone, never in the
 * window's title.
 */
export function caseName({ index, files }: DataListCaseRow): string {
  const path = (files.find(({ key }) => key === 'image') ?? files[0])?.path;
  const name = path
    ?.replace(/[\\/]+$/, '')
    .split(/[\\/]/)
    .at(-1);
  return name?.replace(/\.(nii|nii\.gz|hdr|img|mha|mhd|nrrd|nhdr|dcm)(\.gz)?$/i, '') || `Case ${index + 1}`;
}

/** Whether an image file of the case is not there. */
export const hasMissingFile = ({ files }: DataListCaseRow): boolean =>
  files.some(({ sizeBytes }) => sizeBytes === null);

/** Keys of a case that hold images, the image itself first. */
export const imageKeysOf = ({ files }: DataListCaseRow): readonly string[] =>
  [...new Set(files.map(({ key }) => key))].sort((a, b) => rank(a) - rank(b));

const rank = (key: string): number => (key === 'image' ? 0 : key === 'label' ? 1 : 2);
