import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One slice to be written as a DICOM file. */
export interface SliceToWrite {
  readonly file: string;
  readonly rows: number;
  readonly columns: number;
  readonly pixels: Int16Array | Uint16Array | Uint8Array;
  /** LPS. */
  readonly position?: readonly number[];
  readonly directions?: readonly number[];
  readonly spacing?: readonly number[];
  readonly series?: string;
  readonly seriesNumber?: number;
  readonly description?: string;
  readonly number?: number;
  readonly slope?: number;
  readonly intercept?: number;
  readonly photometric?: string;
  readonly burnedIn?: boolean;
  readonly bitsStored?: number;
  readonly samplesPerPixel?: number;
  /** Default explicit VR little endian; `implicit` writes without value representations. */
  readonly syntax?: 'explicit' | 'implicit' | 'rle' | string;
}

const SYNTAX: Readonly<Record<string, string>> = {
  explicit: '1.2.840.10008.1.2.1',
  implicit: '1.2.840.10008.1.2',
  rle: '1.2.840.10008.1.2.5',
};
const ROOT = '1.2.826.0.1.3680043.10.1';
const MR_IMAGE = '1.2.840.10008.5.1.4.1.1.4';

/** Writes slices as files of a folder, which is made. No patient is in them. */
export function writeSlices(folder: string, slices: readonly SliceToWrite[]): string {
  mkdirSync(folder, { recursive: true });
  slices.forEach((slice, index) => writeFileSync(join(folder, slice.file), encodeSlice(slice, index)));
  return folder;
}

export function encodeSlice(slice: SliceToWrite, index = 0): Buffer {
  const { syntax = 'explicit', pixels, series = `${ROOT}.7` } = slice;
  const uid = SYNTAX[syntax] ?? syntax;
  const isExplicit = syntax !== 'implicit';
  const isSigned = pixels instanceof Int16Array;
  const bits = pixels.BYTES_PER_ELEMENT * 8;
  const us = (value: number): Buffer => Buffer.from([value & 255, value >> 8]);
  const ds = (values: readonly number[]): string => values.join('\\');
  const element = (tag: number, vr: string, value: Buffer | string): Buffer =>
    encodeElement(tag, vr, value, isExplicit);
  const instance = `${ROOT}.${index + 1}.${slice.number ?? index + 1}`;
  const body = Buffer.concat([
    element(0x00080016, 'UI', MR_IMAGE),
    element(0x00080018, 'UI', instance),
    element(0x00080060, 'CS', 'MR'),
    ...(slice.description === undefined ? [] : [element(0x0008103e, 'LO', slice.description)]),
    // A sequence of unknown length, to be stepped over.
    encodeSequence(0x00081140, isExplicit),
    element(0x00180050, 'DS', '2'),
    element(0x0020000d, 'UI', `${ROOT}.5`),
    element(0x0020000e, 'UI', series),
    ...(slice.seriesNumber === undefined ? [] : [element(0x00200011, 'IS', String(slice.seriesNumber))]),
    element(0x00200013, 'IS', String(slice.number ?? index + 1)),
    ...(slice.position === undefined ? [] : [element(0x00200032, 'DS', ds(slice.position))]),
    ...(slice.position === undefined
      ? []
      : [element(0x00200037, 'DS', ds(slice.directions ?? [1, 0, 0, 0, 1, 0]))]),
    element(0x00280002, 'US', us(slice.samplesPerPixel ?? 1)),
    element(0x00280004, 'CS', slice.photometric ?? 'MONOCHROME2'),
    element(0x00280010, 'US', us(slice.rows)),
    element(0x00280011, 'US', us(slice.columns)),
    element(0x00280030, 'DS', ds(slice.spacing ?? [1, 1])),
    element(0x00280100, 'US', us(bits)),
    element(0x00280101, 'US', us(slice.bitsStored ?? bits)),
    element(0x00280102, 'US', us((slice.bitsStored ?? bits) - 1)),
    element(0x00280103, 'US', us(isSigned ? 1 : 0)),
    ...(slice.burnedIn === true ? [element(0x00280301, 'CS', 'YES')] : []),
    element(0x00281052, 'DS', String(slice.intercept ?? 0)),
    element(0x00281053, 'DS', String(slice.slope ?? 1)),
    encodePixels(pixels, syntax, isExplicit),
  ]);
  const meta = Buffer.concat([
    encodeElement(0x00020002, 'UI', MR_IMAGE, true),
    encodeElement(0x00020003, 'UI', instance, true),
    encodeElement(0x00020010, 'UI', uid, true),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    encodeElement(0x00020000, 'UL', length, true),
    meta,
    body,
  ]);
}

function encodeElement(tag: number, vr: string, value: Buffer | string, isExplicit: boolean): Buffer {
  const raw = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  const padding = raw.length % 2 === 0 ? [] : [Buffer.from([vr === 'UI' ? 0 : 0x20])];
  const content = Buffer.concat([raw, ...padding]);
  const head = tagBytes(tag);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.length);
  if (!isExplicit) return Buffer.concat([head, length, content]);
  if (['OB', 'OW', 'SQ', 'UN'].includes(vr)) {
    return Buffer.concat([head, Buffer.from(vr), Buffer.alloc(2), length, content]);
  }
  return Buffer.concat([head, Buffer.from(vr), length.subarray(0, 2), content]);
}

function tagBytes(tag: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(tag >>> 16, 0);
  bytes.writeUInt16LE(tag & 0xffff, 2);
  return bytes;
}

function encodeSequence(tag: number, isExplicit: boolean): Buffer {
  const unknown = Buffer.from([255, 255, 255, 255]);
  const inner = encodeElement(0x00081150, 'UI', MR_IMAGE, isExplicit);
  return Buffer.concat([
    tagBytes(tag),
    ...(isExplicit ? [Buffer.from('SQ'), Buffer.alloc(2)] : []),
    unknown,
    ...[tagBytes(0xfffee000), unknown, inner, tagBytes(0xfffee00d), Buffer.alloc(4)],
    ...[tagBytes(0xfffee0dd), Buffer.alloc(4)],
  ]);
}

function encodePixels(pixels: SliceToWrite['pixels'], syntax: string, isExplicit: boolean): Buffer {
  const bytes = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  if (syntax === 'explicit' || syntax === 'implicit') {
    return encodeElement(0x7fe00010, 'OW', bytes, isExplicit);
  }
  const fragment = syntax === 'rle' ? encodeRle(bytes, pixels.BYTES_PER_ELEMENT) : Buffer.from([1, 2, 3, 4]);
  const item = (content: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(content.length);
    return Buffer.concat([tagBytes(0xfffee000), length, content]);
  };
  return Buffer.concat([
    ...[tagBytes(0x7fe00010), Buffer.from('OB'), Buffer.alloc(2), Buffer.from([255, 255, 255, 255])],
    ...[item(Buffer.alloc(0)), item(fragment), tagBytes(0xfffee0dd), Buffer.alloc(4)],
  ]);
}

/** RLE of PS3.5 annex G: one segment per byte of a pixel, highest first, all of it literal runs. */
function encodeRle(bytes: Buffer, bytesPerPixel: number): Buffer {
  const count = bytes.length / bytesPerPixel;
  const segments = Array.from({ length: bytesPerPixel }, (_, segment) => {
    const plane = Buffer.from(
      Array.from(
        { length: count },
        (_, pixel) => bytes[pixel * bytesPerPixel + bytesPerPixel - 1 - segment]!,
      ),
    );
    const runs: Buffer[] = [];
    for (let at = 0; at < count; at += 128) {
      const run = plane.subarray(at, at + 128);
      runs.push(Buffer.from([run.length - 1]), run);
    }
    const coded = Buffer.concat(runs);
    return coded.length % 2 === 0 ? coded : Buffer.concat([coded, Buffer.from([0])]);
  });
  const head = Buffer.alloc(64);
  head.writeUInt32LE(segments.length, 0);
  segments.reduce((offset, segment, index) => {
    head.writeUInt32LE(offset, 4 + 4 * index);
    return offset + segment.length;
  }, 64);
  return Buffer.concat([head, ...segments]);
}
