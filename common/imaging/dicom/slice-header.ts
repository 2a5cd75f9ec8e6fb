import type { Vector3 } from '../affine.ts';
import {
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  numbersOf,
  parseDataSet,
  PIXEL_DATA,
  textOf,
  uint16Of,
} from './data-set.ts';
import { readFramePlaces, type FramePlace } from './frame-places.ts';

/** What one file of a series says, without anything about the patient. */
export interface SliceHeader {
  /** Absolute path. */
  readonly file: string;
  readonly transferSyntax: string;
  /** Pixels stand in the file as they are. */
  readonly isNative: boolean;
  readonly series: string;
  readonly seriesNumber?: number;
  readonly seriesDescription?: string;
  readonly modality?: string;
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  /** Of each frame, where the file says so. */
  readonly framePlaces: readonly FramePlace[];
  readonly samplesPerPixel: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly isSigned: boolean;
  readonly isInverted: boolean;
  readonly slope: number;
  readonly intercept: number;
  readonly position?: Vector3;
  /** Directions of rows and of columns, LPS. */
  readonly directions?: readonly number[];
  /** Distance of rows, then of columns. */
  readonly pixelSpacing?: readonly number[];
  readonly sliceThickness?: number;
  readonly number: number;
  readonly isBurnedIn: boolean;
  /** Where the pixels begin, and how many bytes they are; undefined where the bytes read do not reach there. */
  readonly pixels?: { readonly offset: number; readonly length: number };
}

/** Reads the header of one file; undefined for one that is not DICOM, or holds no image. */
export function readSliceHeader(bytes: Uint8Array, file: string): SliceHeader | undefined {
  const dataSet = parseDataSet(bytes);
  if (dataSet === undefined) return undefined;
  const number = (tag: string): number | undefined => numbersOf(dataSet, tag)?.[0];
  const position = numbersOf(dataSet, '00200032');
  const directions = numbersOf(dataSet, '00200037');
  const pixelSpacing = numbersOf(dataSet, '00280030');
  const modality = textOf(dataSet, '00080060');
  const seriesNumber = number('00200011');
  const seriesDescription = textOf(dataSet, '0008103e');
  const pixels = dataSet.elements.get(PIXEL_DATA);
  const { transferSyntax } = dataSet;
  const thickness = number('00180050');
  return {
    file,
    transferSyntax,
    isNative: transferSyntax === IMPLICIT_LITTLE_ENDIAN || transferSyntax === EXPLICIT_LITTLE_ENDIAN,
    series: textOf(dataSet, '0020000e') ?? '',
    ...(seriesNumber === undefined ? {} : { seriesNumber }),
    ...(seriesDescription === undefined ? {} : { seriesDescription }),
    ...(modality === undefined ? {} : { modality }),
    rows: uint16Of(dataSet, '00280010') ?? 0,
    columns: uint16Of(dataSet, '00280011') ?? 0,
    frames: number('00280008') ?? 1,
    framePlaces: readFramePlaces(dataSet),
    samplesPerPixel: uint16Of(dataSet, '00280002') ?? 1,
    bitsAllocated: uint16Of(dataSet, '00280100') ?? 16,
    bitsStored: uint16Of(dataSet, '00280101') ?? uint16Of(dataSet, '00280100') ?? 16,
    isSigned: uint16Of(dataSet, '00280103') === 1,
    isInverted: textOf(dataSet, '00280004') === 'MONOCHROME1',
    slope: number('00281053') ?? 1,
    intercept: number('00281052') ?? 0,
    ...(position?.length === 3 ? { position: position as unknown as Vector3 } : {}),
    ...(directions?.length === 6 ? { directions } : {}),
    ...(pixelSpacing?.length === 2 ? { pixelSpacing } : {}),
    ...(thickness === undefined ? {} : { sliceThickness: thickness }),
    number: number('00200013') ?? 0,
    isBurnedIn: textOf(dataSet, '00280301') === 'YES',
    ...(pixels === undefined ? {} : { pixels }),
  };
}
