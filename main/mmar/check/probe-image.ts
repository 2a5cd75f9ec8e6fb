import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import { fail, succeed, type Fault, type Result } from '../../../common/fault.ts';
import type { Affine } from '../../../common/imaging/affine.ts';
import { repairedAffineOf } from '../../../common/imaging/nifti-affine.ts';
import { voxelTypes } from '../../../common/imaging/nifti-datatype.ts';
import type { NiftiHeader } from '../../../common/imaging/nifti-header.ts';
import { countVoxels, readStoredVoxels } from '../../../common/imaging/nifti-voxels.ts';
import { readImageHeader } from '../../imaging/read-image-header.ts';

/** What a check needs to know of an image file. */
export interface ImageFacts {
  readonly header: NiftiHeader;
  readonly affine: Affine;
  /** Bytes of the uncompressed voxels. */
  readonly voxelBytes: number;
}

/**
 * Reads the header of a NIfTI image and makes sure that its voxels are all there, without decompressing them where
 * that can be helped: the end of a gzip file says how long its content is.
 *
 * Faults: `image-missing`, `image-unreadable`, `image-truncated`, each without `file`: the caller knows it.
 */
export async function probeImage(file: string): Promise<Result<ImageFacts>> {
  const headerFile = file.replace(/\.img(\.gz)?$/i, '.hdr$1');
  const read = await readImageHeader(headerFile, headerFile);
  if (!read.ok) return fail(...read.faults.map(withoutFile));
  const header = read.value;
  const affine = repairedAffineOf(header);
  if (!affine.ok) return fail(...affine.faults.map(withoutFile));
  const voxelBytes = countVoxels(header) * voxelTypes[header.voxelType].bytes;
  const voxelFile = header.singleFile ? headerFile : headerFile.replace(/\.hdr(\.gz)?$/i, '.img$1');
  const missing = await findMissingVoxels(voxelFile, header.voxelOffset + voxelBytes);
  return missing === undefined ? succeed({ header, affine: affine.value, voxelBytes }) : fail(missing);
}

/** Lowest and highest value of an image, and which whole numbers it holds. */
export interface ValueFacts {
  readonly min: number;
  readonly max: number;
  /** True when every value is a whole number. */
  readonly whole: boolean;
  /** The values from 0 to 255 that occur. */
  readonly present: ReadonlySet<number>;
}

/** Reads the voxels of a label image that {@link probeImage} found complete. */
export async function readValueFacts(file: string, { header }: ImageFacts): Promise<Result<ValueFacts>> {
  const voxelFile = header.singleFile
    ? file.replace(/\.img(\.gz)?$/i, '.hdr$1')
    : file.replace(/\.(?:hdr|img)(\.gz)?$/i, '.img$1');
  const raw = await readFile(voxelFile);
  const stored = readStoredVoxels(header, raw[0] === 0x1f && raw[1] === 0x8b ? gunzipSync(raw) : raw);
  if (!stored.ok) return fail(...stored.faults.map(withoutFile));
  return succeed(valueFactsOf(stored.value, header));
}

function valueFactsOf(values: Iterable<number | bigint>, { slope, intercept }: NiftiHeader): ValueFacts {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let whole = true;
  let last: number | bigint | undefined;
  const present = new Set<number>();
  for (const stored of values) {
    // Labels are long runs of the same value.
    if (stored === last) continue;
    last = stored;
    const value = Number(stored) * slope + intercept;
    if (value < min) min = value;
    if (value > max) max = value;
    if (!Number.isInteger(value)) whole = false;
    else if (value >= 0 && value <= 255) present.add(value);
  }
  return { min, max, whole, present };
}

function withoutFile({ file: _, ...fault }: Fault): Fault {
  return fault;
}

async function findMissingVoxels(file: string, neededBytes: number): Promise<Fault | undefined> {
  const found = await contentBytes(file, neededBytes);
  if (typeof found !== 'number') return found;
  if (found >= neededBytes) return undefined;
  return {
    code: 'image-truncated',
    message: `The file is cut off: its header announces ${neededBytes} bytes, ${found} are there.`,
  };
}

/** How many bytes a file holds, uncompressed; at least whether it is `enough`. */
async function contentBytes(file: string, enough: number): Promise<number | Fault> {
  let handle;
  try {
    handle = await open(file, 'r');
  } catch {
    return { code: 'image-missing', message: 'The .img file that belongs to the header is not there.' };
  }
  try {
    const { size } = await handle.stat();
    const { buffer: head } = await handle.read(new Uint8Array(2), 0, 2, 0);
    if (head[0] !== 0x1f || head[1] !== 0x8b) return size;
    const { buffer: tail } = await handle.read(new Uint8Array(4), 0, 4, Math.max(0, size - 4));
    const announced = new DataView(tail.buffer).getUint32(0, true);
    if (announced === enough % 2 ** 32) return enough;
  } finally {
    await handle.close();
  }
  return countInflated(file);
}

/** Decompresses a file to count its bytes: for one whose end does not say what its header leads to expect. */
async function countInflated(file: string): Promise<number | Fault> {
  let bytes = 0;
  try {
    await pipeline(createReadStream(file), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) bytes += chunk.length;
    });
    return bytes;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const { size } = await stat(file);
    if (code === 'Z_BUF_ERROR') {
      return { code: 'image-truncated', message: `The compressed file is cut off after ${size} bytes.` };
    }
    return {
      code: 'image-unreadable',
      message: `The compressed file is damaged (${code ?? 'unknown error'}).`,
    };
  }
}
