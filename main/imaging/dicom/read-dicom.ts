import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FaultError, type Fault } from '../../../common/fault.ts';
import { readBytes } from '../read-bytes.ts';
import { refuseLarge } from '../../../common/imaging/refuse-large.ts';
import type { StoredImage } from '../../../common/imaging/stored-image.ts';
import { decodeCompressed } from './decode-compressed.ts';
import { canReadNative, readNativePixels } from '../../../common/imaging/dicom/native-pixels.ts';
import { readSliceHeader, type SliceHeader } from '../../../common/imaging/dicom/slice-header.ts';
import { chooseSlices, stackSlices } from '../../../common/imaging/dicom/stack-slices.ts';

/** Where headers usually end; files with longer ones are read whole. */
const HEAD_BYTES = 32768;

/**
 * Reads a DICOM series from a folder, or one DICOM file (perhaps of many frames). Slices are ordered by place, not by name.
 * What is doubtful about the series becomes warnings: missing slices, uneven distances, other series in the folder, text
 * burned into the pixels.
 *
 * @throws FaultError `image-missing`, `image-unreadable` (no images, colour, a transfer syntax that cannot be decoded),
 *   `image-truncated`
 */
export async function readDicom(path: string, name: string): Promise<StoredImage> {
  const headers = readHeaders(path, name);
  const { chosen, left } = chooseSlices(headers);
  const others: readonly Fault[] =
    left === 0
      ? []
      : [
          {
            code: 'image-geometry',
            file: name,
            message: `${left} of ${headers.length} images belong to another series, or have another size or direction: they are not shown.`,
          },
        ];
  requireSound(chosen, name);
  const image = chosen[0]!.frames > 1 ? await readFrames(chosen[0]!, name) : await readStack(chosen, name);
  const burnedIn: readonly Fault[] = chosen.some(({ isBurnedIn }) => isBurnedIn)
    ? [
        {
          code: 'image-burned-in',
          file: name,
          message: 'The pixels themselves may show the patient’s name or other text (Burned In Annotation).',
        },
      ]
    : [];
  return { ...image, warnings: [...image.warnings, ...others, ...burnedIn] };
}

async function readStack(chosen: readonly SliceHeader[], name: string): Promise<StoredImage> {
  const { slices, affine, warnings } = stackSlices(chosen, name);
  const first = slices[0]!;
  const count = first.rows * first.columns * slices.length;
  refuseLarge(count, 'int16', name);
  const shape = [first.columns, first.rows, slices.length] as const;
  if (slices.every(canReadNative)) {
    return {
      ...shared(first),
      grid: { shape, affine },
      ...readNativePixels(slices, name, readBytes),
      warnings,
    };
  }
  const { voxels } = await decodeCompressed(slices, name);
  if (voxels.length !== count) throw truncated(name);
  return { ...shared(first), grid: { shape, affine }, voxels, slope: 1, intercept: 0, warnings };
}

async function readFrames(first: SliceHeader, name: string): Promise<StoredImage> {
  refuseLarge(first.rows * first.columns * first.frames, 'int16', name);
  const { voxels, shape, affine } = await decodeCompressed([first], name);
  return { ...shared(first), grid: { shape, affine }, voxels, slope: 1, intercept: 0, warnings: [] };
}

const shared = (first: SliceHeader) => ({
  format: 'DICOM',
  voxelType: `${first.isSigned ? 'int' : 'uint'}${first.bitsAllocated}`,
  channelCount: 1,
  interleaved: false,
  inverted: first.isInverted,
  ...(first.modality === undefined ? {} : { modality: first.modality }),
});

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

const truncated = (name: string): FaultError =>
  new FaultError({
    code: 'image-truncated',
    file: name,
    message: 'Some slices have fewer pixels than announced.',
  });

function readHeaders(path: string, name: string): readonly SliceHeader[] {
  const files = listFiles(path, name);
  const headers = files.flatMap((file) => readHeader(file, name) ?? []);
  if (headers.length > 0) return headers;
  throw new FaultError({
    code: 'image-unreadable',
    file: name,
    message:
      files.length === 1
        ? 'The file holds no DICOM image.'
        : `None of the ${files.length} files in the folder is a DICOM image.`,
    allowed: 'a folder with the files of one DICOM series',
  });
}

function listFiles(path: string, name: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && entry.name !== 'DICOMDIR')
      .map((entry) => join(path, entry.name))
      .sort();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new FaultError(
      code === 'ENOENT' || code === 'ENOTDIR'
        ? { code: 'image-missing', file: name, message: 'There is no such image.' }
        : { code: 'image-unreadable', file: name, message: `The folder cannot be read (${code}).` },
    );
  }
}

function readHeader(file: string, name: string): SliceHeader | undefined {
  const head = readHead(file, name);
  const header = readSliceHeader(head, file);
  if (header === undefined) return undefined;
  const isComplete = header.pixels !== undefined || head.length < HEAD_BYTES;
  const whole = isComplete ? header : readSliceHeader(readBytes(file, name), file);
  return whole?.pixels === undefined && whole?.rows === 0 ? undefined : whole;
}

function readHead(file: string, name: string): Uint8Array {
  try {
    const handle = openSync(file, 'r');
    try {
      const head = new Uint8Array(HEAD_BYTES);
      return head.subarray(0, readSync(handle, head, 0, HEAD_BYTES, 0));
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new FaultError({
      code: 'image-unreadable',
      file: name,
      message: `A file of the series cannot be read (${code}).`,
    });
  }
}
