import type { Json, JsonObject } from '../json.ts';

/** An image file that a case names, and the key that it stands under. */
export interface NamedFile {
  readonly key: string;
  /** As the list writes it. */
  readonly path: string;
}

const IMAGE = /\.(nii|nii\.gz|hdr|img|mha|mhd|nrrd|nhdr|dcm|png|jpe?g|tiff?)$/i;

/** True for a text under a key of a case that is the path of an image: under image and label any text is. */
export function isCaseFile(key: string, text: string): boolean {
  return key === 'image' || key === 'label' || IMAGE.test(text);
}

/** The image files that a case names: under image and label, and under any key whose value looks like one. */
export function filesOfCase(fields: JsonObject): readonly NamedFile[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    const paths: readonly Json[] = Array.isArray(value) ? value : [value];
    return paths.flatMap((path) =>
      typeof path === 'string' && isCaseFile(key, path) ? [{ key, path }] : [],
    );
  });
}
