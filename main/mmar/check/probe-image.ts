import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { fail, FaultError, succeed, type Fault, type Result } from '../../../common/fault.ts';
import type { StoredImage } from '../../../common/imaging/stored-image.ts';
import { readImageGrid, type ImageGrid, type StoredPart } from '../../imaging/read-image-grid.ts';
import { readStored } from '../../imaging/read-volume.ts';

/**
 * Reads the header of an image and makes sure that its voxels are all there, without decompressing them where that can be
 * helped: the end of a gzip file says how long its content is.
 *
 * Faults: `image-missing`, `image-unreadable`, `image-truncated`, each without `file`: the caller knows it.
 */
export async function probeImage(file: string): Promise<Result<ImageGrid>> {
  const grid = await readImageGrid(file, file);
  if (!grid.ok) return fail(...grid.faults.map(withoutFile));
  for (const part of grid.value.parts) {
    if (part.compression === 'voxels') continue;
    const missing = await findMissingVoxels(part);
    if (missing !== undefined) return fail(missing);
  }
  if (grid.value.parts.every(({ compression }) => compression !== 'voxels')) return grid;
  const stored = await readWhole(file);
  return stored.ok ? grid : stored;
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
export async function readValueFacts(file: string): Promise<Result<ValueFacts>> {
  const stored = await readWhole(file);
  return stored.ok ? succeed(valueFactsOf(stored.value)) : stored;
}

async function readWhole(file: string): Promise<Result<StoredImage>> {
  try {
    return succeed(await readStored({ file, name: file }));
  } catch (error) {
    if (error instanceof FaultError) return fail(...error.faults.map(withoutFile));
    throw error;
  }
}

function valueFactsOf({ voxels, slope, intercept }: StoredImage): ValueFacts {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let whole = true;
  let last: number | undefined;
  const present = new Set<number>();
  for (const stored of voxels) {
    // Labels are long runs of the same value.
    if (stored === last) continue;
    last = stored;
    const value = stored * slope + intercept;
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

async function findMissingVoxels({
  file,
  endBytes: neededBytes,
  compression,
}: StoredPart): Promise<Fault | undefined> {
  const found = await contentBytes(file, neededBytes, compression === 'file');
  if (typeof found !== 'number') return found;
  if (found >= neededBytes) return undefined;
  return {
    code: 'image-truncated',
    message: `The file is cut off: its header announces ${neededBytes} bytes, ${found} are there.`,
  };
}

/** How many bytes a file holds, uncompressed; at least whether it is `enough`. */
async function contentBytes(file: string, enough: number, mayBeGzip: boolean): Promise<number | Fault> {
  let handle;
  try {
    handle = await open(file, 'r');
  } catch {
    return { code: 'image-missing', message: 'The file of voxels that belongs to the header is not there.' };
  }
  try {
    const { size } = await handle.stat();
    const { buffer: head } = await handle.read(new Uint8Array(2), 0, 2, 0);
    if (!mayBeGzip || head[0] !== 0x1f || head[1] !== 0x8b) return size;
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
