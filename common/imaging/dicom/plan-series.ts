import { FaultError, type Fault } from '../../fault.ts';
import type { Grid } from '../canonical-grid.ts';
import { refuseLarge } from '../refuse-large.ts';
import type { StoredForm, StoredImage } from '../stored-image.ts';
import { canReadNative, type DecodedPixels } from './native-pixels.ts';
import type { SliceHeader } from './slice-header.ts';
import { chooseSlices, stackSlices } from './stack-slices.ts';

/** Which slices make an image, and what is known of it before a pixel is read. */
export interface SeriesPlan {
  /** In order along their normal. */
  readonly slices: readonly SliceHeader[];
  /** Pixels stand in the files as they are; otherwise they are to be decoded. */
  readonly isNative: boolean;
  /** Undefined for a file of several frames: what decodes it knows where they are. */
  readonly grid?: Grid;
  readonly warnings: readonly Fault[];
}

/**
 * Chooses the slices of one image and puts them in order by place, not by name. What is doubtful about the series becomes
 * warnings: missing slices, uneven distances, other series in the folder, text burned into the pixels.
 *
 * @throws FaultError `image-unreadable` (no pixels, colour, more than can be held)
 */
export function planSeries(headers: readonly SliceHeader[], name: string): SeriesPlan {
  const { chosen, left } = chooseSlices(headers);
  requireSound(chosen, name);
  const first = chosen[0]!;
  const warnings = [
    ...(left === 0 ? [] : [othersFault(left, headers.length, name)]),
    ...(chosen.some(({ isBurnedIn }) => isBurnedIn) ? [burnedInFault(name)] : []),
  ];
  if (first.frames > 1) {
    refuseLarge(first.rows * first.columns * first.frames, 'int16', name);
    return { slices: [first], isNative: false, warnings };
  }
  const { slices, affine, warnings: doubts } = stackSlices(chosen, name);
  refuseLarge(first.rows * first.columns * slices.length, 'int16', name);
  return {
    slices,
    isNative: slices.every(canReadNative),
    grid: { shape: [first.columns, first.rows, slices.length], affine },
    warnings: [...doubts, ...warnings],
  };
}

/** The image of a plan and its pixels. Fault `image-truncated` when these are too few. */
export function completeSeries(
  { slices, grid, isNative, warnings }: SeriesPlan,
  { voxels, slope, intercept, ...decoded }: DecodedPixels & { readonly grid?: Grid },
  name: string,
): StoredImage {
  const place = grid ?? decoded.grid!;
  if (voxels.length !== place.shape[0] * place.shape[1] * place.shape[2]) throw truncated(name);
  return { ...describeSeries({ slices, isNative, warnings }, place, { slope, intercept }), voxels };
}

/** Everything of a series but its voxels. */
export function describeSeries(
  { slices, isNative, warnings }: Pick<SeriesPlan, 'slices' | 'isNative' | 'warnings'>,
  grid: Grid,
  { slope, intercept }: Pick<DecodedPixels, 'slope' | 'intercept'>,
): StoredForm {
  const first = slices[0]!;
  return {
    format: 'DICOM',
    grid,
    spatialRank: 3,
    voxelType: `${first.isSigned ? 'int' : 'uint'}${first.bitsAllocated}`,
    channelCount: 1,
    interleaved: false,
    slope,
    intercept,
    // What ITK has decoded is turned around already.
    ...(isNative && first.isInverted ? { inverted: true, mirror: mirrorOf(first) } : { inverted: false }),
    ...(first.modality === undefined ? {} : { modality: first.modality }),
    warnings,
  };
}

/** The lowest and the highest value that the pixels can have, added up. */
const mirrorOf = ({ isSigned, bitsStored }: SliceHeader): number => (isSigned ? -1 : 2 ** bitsStored - 1);

function requireSound(slices: readonly SliceHeader[], name: string): void {
  const { rows, columns, samplesPerPixel } = slices[0]!;
  if (rows > 0 && columns > 0 && samplesPerPixel === 1) return;
  throw new FaultError({
    code: 'image-unreadable',
    file: name,
    message:
      samplesPerPixel === 1
        ? `The images have ${columns} x ${rows} pixels.`
        : `The images have ${samplesPerPixel} colours per pixel.`,
    allowed: 'grey images',
  });
}

const othersFault = (left: number, count: number, name: string): Fault => ({
  code: 'image-geometry',
  file: name,
  message: `${left} of ${count} images belong to another series, or have another size or direction: they are left out.`,
});

const burnedInFault = (name: string): Fault => ({
  code: 'image-burned-in',
  file: name,
  message: 'The pixels themselves may show the patient’s name or other text (Burned In Annotation).',
});

const truncated = (name: string): FaultError =>
  new FaultError({
    code: 'image-truncated',
    file: name,
    message: 'Some slices have fewer pixels than announced.',
  });
