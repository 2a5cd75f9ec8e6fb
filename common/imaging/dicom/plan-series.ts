import { FaultError, type Fault } from '../../fault.ts';
import type { Grid } from '../canonical-grid.ts';
import type { SeriesChoice } from '../series-choice.ts';
import type { NumberArray } from '../voxel-array.ts';
import { refuseLarge } from '../refuse-large.ts';
import type { StoredForm, StoredImage } from '../stored-image.ts';
import { canReadNative, type DecodedPixels } from './native-pixels.ts';
import type { FramePlace } from './frame-places.ts';
import type { SliceHeader } from './slice-header.ts';
import { countImages, groupSlices, stackSlices } from './stack-slices.ts';

/** Which slices make an image, and what is known of it before a pixel is read. */
export interface SeriesPlan {
  /** In order along their normal. */
  readonly slices: readonly SliceHeader[];
  /** Pixels stand in the files as they are; otherwise they are to be decoded. */
  readonly isNative: boolean;
  /** Undefined for a file of several frames: what decodes it knows where they are. */
  readonly grid?: Grid;
  /** Of a file of several frames that says where they are: its frames in order along their normal. */
  readonly frameOrder?: readonly number[];
  readonly warnings: readonly Fault[];
  /** All series at the place, and which of them this is. */
  readonly choice: SeriesChoice;
}

/**
 * Chooses the slices of one image and puts them in order by place, not by name. What is doubtful about the series becomes
 * warnings: missing slices, uneven distances, other series in the folder, text burned into the pixels.
 *
 * @param series which one of the series, the largest being the first; by default that one
 * @throws FaultError `image-unreadable` (no such series, no pixels, colour, more than can be held)
 */
export function planSeries(headers: readonly SliceHeader[], name: string, series = 0): SeriesPlan {
  const groups = groupSlices(headers);
  const chosen = groups[series];
  if (chosen === undefined) throw noSeries(series, groups.length, name);
  const left = headers.length - chosen.length;
  const choice = { shown: series, all: groups.map(describeGroup) };
  requireSound(chosen, name);
  const first = chosen[0]!;
  const warnings = [
    ...(left === 0 ? [] : [othersFault(left, headers.length, name)]),
    ...(chosen.some(({ isBurnedIn }) => isBurnedIn) ? [burnedInFault(name)] : []),
  ];
  if (first.frames > 1) {
    refuseLarge(first.rows * first.columns * first.frames, 'int16', name);
    return { slices: [first], isNative: false, choice, ...planFrames(first, name, warnings) };
  }
  const { slices, affine, warnings: doubts } = stackSlices(chosen, name);
  refuseLarge(first.rows * first.columns * slices.length, 'int16', name);
  return {
    slices,
    isNative: slices.every(canReadNative),
    grid: { shape: [first.columns, first.rows, slices.length], affine },
    warnings: [...doubts, ...warnings],
    choice,
  };
}

/** Frames of one file, where it says where they are; else they are taken as they come. */
function planFrames(
  first: SliceHeader,
  name: string,
  warnings: readonly Fault[],
): Pick<SeriesPlan, 'grid' | 'frameOrder' | 'warnings'> {
  const { framePlaces } = first;
  if (framePlaces.length !== first.frames) return { warnings };
  requireOneScaling(framePlaces, name);
  const frames = framePlaces.map((place, number): SliceHeader => ({ ...first, ...place, number }));
  const { slices, affine, warnings: doubts } = stackSlices(frames, name);
  return {
    grid: { shape: [first.columns, first.rows, slices.length], affine },
    frameOrder: slices.map(({ number }) => number),
    warnings: [...doubts, ...warnings],
  };
}

/** What decodes the frames scales all of them alike. */
function requireOneScaling(places: readonly FramePlace[], name: string): void {
  const [first] = places;
  if (places.every(({ slope, intercept }) => slope === first?.slope && intercept === first?.intercept))
    return;
  throw new FaultError({
    code: 'image-unreadable',
    file: name,
    message: 'The frames of the file have scalings of their own, which cannot be read.',
    allowed: 'one Rescale Slope and Intercept for all frames, or a file for each slice',
  });
}

const describeGroup = (group: readonly SliceHeader[]): SeriesChoice['all'][number] => {
  const { seriesDescription, seriesNumber, modality, columns, rows } = group[0]!;
  return {
    ...(seriesDescription === undefined ? {} : { description: seriesDescription }),
    ...(seriesNumber === undefined ? {} : { number: seriesNumber }),
    ...(modality === undefined ? {} : { modality }),
    images: countImages(group),
    columns,
    rows,
  };
};

const noSeries = (series: number, count: number, name: string): FaultError =>
  new FaultError({
    code: 'image-unreadable',
    file: name,
    message: `There is no series ${series + 1}.`,
    allowed: `1 to ${count}`,
  });

/** The image of a plan and its pixels. Fault `image-truncated` when these are too few. */
export function completeSeries(
  plan: SeriesPlan,
  { voxels, slope, intercept, ...decoded }: DecodedPixels & { readonly grid?: Grid },
  name: string,
): StoredImage {
  const place = plan.grid ?? decoded.grid!;
  const perSlice = place.shape[0] * place.shape[1];
  const announced = perSlice * (plan.frameOrder === undefined ? place.shape[2] : plan.slices[0]!.frames);
  if (voxels.length !== announced) throw truncated(name);
  const ordered = plan.frameOrder === undefined ? voxels : orderFrames(voxels, plan.frameOrder, perSlice);
  return { ...describeSeries(plan, place, { slope, intercept }), voxels: ordered };
}

function orderFrames(voxels: NumberArray, order: readonly number[], perSlice: number): NumberArray {
  if (order.every((frame, at) => frame === at) && voxels.length === order.length * perSlice) return voxels;
  const ordered = voxels.slice(0, order.length * perSlice);
  order.forEach((frame, at) =>
    ordered.set(voxels.subarray(frame * perSlice, (frame + 1) * perSlice), at * perSlice),
  );
  return ordered;
}

/** Everything of a series but its voxels. */
export function describeSeries(
  { slices, isNative, warnings, choice }: Pick<SeriesPlan, 'slices' | 'isNative' | 'warnings' | 'choice'>,
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
    ...(choice.all.length > 1 ? { series: choice } : {}),
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
