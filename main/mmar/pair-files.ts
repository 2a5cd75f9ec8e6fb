/** The files of one case: an image per channel, and its label. Paths as they were given. */
export interface PairedCase {
  readonly name: string;
  readonly images: readonly string[];
  readonly label: string;
}

/** An image, and the name of the file or the folder that tells which case it is of. */
export interface NamedImage {
  readonly name: string;
  readonly path: string;
}

export interface Pairing {
  /** By name. */
  readonly cases: readonly PairedCase[];
  readonly imagesWithoutLabel: readonly string[];
  readonly labelsWithoutImage: readonly string[];
  /** Images whose name is that of another, such as the series that a file was converted from: they are no channels. */
  readonly secondImages: readonly string[];
  /** Labels whose name says that they belong to the case of another label. */
  readonly secondLabels: readonly string[];
}

const ENDING = /\.(nii\.gz|nii|nrrd|nhdr|mha|mhd)$/i;
const LABEL_MARK = /[_.-](label|labels|seg|segmentation|mask|gt)$/i;
/** nnU-Net's mark of a channel. */
const CHANNEL_MARK = /_(\d{4})$/;

/** True for the name of an image file that a training can read. */
export function isImageName(name: string): boolean {
  return ENDING.test(name) && !name.startsWith('.');
}

/** True for a name, of a file or a folder, that says that it is a label, for folders that hold both. */
export function isLabelName(name: string): boolean {
  return LABEL_MARK.test(stemOf(name));
}

/**
 * Pairs images with labels by their names: equal but for the ending, for `_label`, `_seg` or `_mask` behind the label's, and
 * for nnU-Net's `_0000`, `_0001` ... behind the images', one per channel.
 */
export function pairFiles(images: readonly NamedImage[], labels: readonly NamedImage[]): Pairing {
  const labelOf = new Map<string, string>();
  const secondLabels: string[] = [];
  for (const { name, path } of labels.toSorted(byPath)) {
    const stem = stemOf(name).replace(LABEL_MARK, '');
    if (labelOf.has(stem)) secondLabels.push(path);
    else labelOf.set(stem, path);
  }
  const { groups, secondImages } = groupChannels(images, labelOf);
  const cases = [...groups].flatMap(([name, files]): PairedCase[] => {
    const label = labelOf.get(name);
    return label === undefined ? [] : [{ name, images: files, label }];
  });
  const paired = new Set(cases.map(({ name }) => name));
  return {
    cases: cases.sort((a, b) => (a.name < b.name ? -1 : 1)),
    imagesWithoutLabel: [...groups].filter(([name]) => !paired.has(name)).flatMap(([, files]) => files),
    labelsWithoutImage: [...labelOf].filter(([name]) => !paired.has(name)).map(([, label]) => label),
    secondImages,
    secondLabels,
  };
}

/** Images by the name of their case, channels in order. A name with a label of its own is no channel of another. */
function groupChannels(
  images: readonly NamedImage[],
  labelOf: ReadonlyMap<string, string>,
): { readonly groups: ReadonlyMap<string, readonly string[]>; readonly secondImages: readonly string[] } {
  const groups = new Map<string, string[]>();
  const stems = new Set<string>();
  const secondImages: string[] = [];
  for (const image of images.toSorted(byPath)) {
    const stem = stemOf(image.name);
    if (stems.has(stem)) {
      secondImages.push(image.path);
      continue;
    }
    stems.add(stem);
    const name = labelOf.has(stem) ? stem : stem.replace(CHANNEL_MARK, '');
    groups.set(name, [...(groups.get(name) ?? []), image.path]);
  }
  return { groups, secondImages };
}

const stemOf = (name: string): string => name.replace(ENDING, '');

const byPath = (a: NamedImage, b: NamedImage): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
