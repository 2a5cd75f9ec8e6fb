import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { FaultError } from '../../../common/fault.ts';
import { diagonalAffine, type Vector3 } from '../../../common/imaging/affine.ts';
import { encodeNifti } from '../../../common/imaging/nifti-encode.ts';
import { unwrap } from '../../../common/fault.ts';
import { parseNiftiHeader } from '../../../common/imaging/nifti-header.ts';
import { readNifti } from '../../../main/imaging/formats/read-nifti.ts';
import { makeVolume } from '../../../main/imaging/make-volume.ts';
import { readVolume } from '../../../main/imaging/read-volume.ts';
import { createVolumeReader } from '../../../main/imaging/volume-reader.ts';
import { TrackedReading } from '../../../main/imaging/volume-reading.ts';
import { makeScratchFolder } from '../../trainer/data/scratch-folder.ts';

const scratch = makeScratchFolder();
const reader = createVolumeReader();
afterAll(() => reader.dispose());

type Options = Partial<Parameters<typeof encodeNifti>[0]>;

/** Values with no symmetry, so that every wrong turn is seen. */
function encode(options: Options = {}): Uint8Array {
  const shape = options.shape ?? [5, 4, 6];
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length: count }, (_, at) => (at * 7919) % 251);
  return encodeNifti({ values, shape, affine: diagonalAffine([1, 2, 3]), voxelType: 'int16', ...options });
}

function write(name: string, bytes: Uint8Array): string {
  const file = join(scratch, name);
  writeFileSync(file, bytes);
  return file;
}

/** Reads plane by plane, and tells what was told meanwhile. */
async function stream(file: string, channel = 0) {
  const told: number[] = [];
  let isBegun = false;
  const volume = await readVolume(
    { file, name: 'case', channel },
    { begin: () => void (isBegun = true), advance: (bytes) => void told.push(bytes) },
  );
  return { volume, isBegun, told };
}

const signs = [1, -1].flatMap((x) => [1, -1].flatMap((y) => [1, -1].map((z): Vector3 => [x, 2 * y, 3 * z])));

describe('an image that is read plane by plane', () => {
  it.each(signs)('is the one that is read whole, axes along %d, %d, %d', async (...sizes) => {
    for (const voxelType of ['uint8', 'int16'] as const) {
      const bytes = encode({ affine: diagonalAffine(sizes, [5, 6, 7]), voxelType });
      const { volume, isBegun } = await stream(write('plain.nii', bytes));
      const whole = makeVolume(readNifti(bytes, 'plain.nii', 'case'), 0, 'case');
      expect(isBegun).toBe(true);
      expect(volume.facts).toEqual(whole.facts);
      expect(Array.from(volume.voxels)).toEqual(Array.from(whole.voxels));
      const compressed = await stream(write('packed.nii.gz', gzipSync(bytes)));
      expect(Array.from(compressed.volume.voxels)).toEqual(Array.from(whole.voxels));
    }
  });

  it('is left to be read whole where its planes are no planes of the volume', async () => {
    const turned = [0, 2, 0, 0, 0, 0, 3, 0, 1, 0, 0, 0, 0, 0, 0, 1] as never;
    const sideways = await stream(write('turned.nii', encode({ affine: turned })));
    expect(sideways.isBegun).toBe(false);
    const floats = await stream(write('float.nii', encode({ voxelType: 'float32' })));
    expect(floats.isBegun).toBe(false);
    expect(floats.volume.facts.voxelType).toBe('uint8');
  });

  it('is told of while it comes', async () => {
    const shape = [512, 512, 12];
    const { told, volume } = await stream(write('large.nii', encode({ shape })));
    expect(told.length).toBeGreaterThan(2);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBeLessThanOrEqual(volume.voxels.byteLength);
    // Nothing can be handed on before the last plane where they come from above.
    const downwards = encode({ shape, affine: diagonalAffine([1, 1, -1]) });
    expect((await stream(write('down.nii', downwards))).told).toEqual([volume.voxels.byteLength]);
  });

  it('gives the channel that is asked for', async () => {
    const bytes = encode({ shape: [3, 2, 2, 3] });
    expect(unwrap(parseNiftiHeader(bytes)).shape).toEqual([3, 2, 2, 3]);
    const file = write('channels.nii.gz', gzipSync(bytes));
    for (const channel of [0, 1, 2]) {
      const whole = makeVolume(readNifti(bytes, 'channels.nii', 'case'), channel, 'case');
      expect(Array.from((await stream(file, channel)).volume.voxels)).toEqual(Array.from(whole.voxels));
    }
  });

  it('is named when it ends early, plain or compressed, or is damaged', async () => {
    const bytes = encode();
    const packed = gzipSync(encode({ shape: [64, 64, 20] }));
    const damaged = Uint8Array.from(packed);
    damaged.fill(0xff, packed.length >> 1, (packed.length >> 1) + 200);
    const files = {
      'short.nii': bytes.subarray(0, bytes.length - 1),
      'short.nii.gz': packed.subarray(0, packed.length - 500),
      'cut.nii.gz': gzipSync(bytes.subarray(0, bytes.length - 1)),
      'damaged.nii.gz': damaged,
    };
    const codes = await Promise.all(
      Object.entries(files).map(async ([name, content]) => {
        const error: unknown = await stream(write(name, content)).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(FaultError);
        const [fault] = (error as FaultError).faults;
        expect(fault!.file).toBe('case');
        return fault!.code;
      }),
    );
    expect(codes).toEqual(['image-truncated', 'image-truncated', 'image-truncated', 'image-unreadable']);
  });
});

describe('the pieces of a reading', () => {
  it('are all of its voxels, in order, for everybody who asks', async () => {
    const file = write('pieces.nii', encode({ shape: [512, 512, 9] }));
    const reading = reader.start({ file, name: 'case', channel: 0 });
    const { outline } = await reading.start;
    expect(outline.shape).toEqual([512, 512, 9]);
    const gather = async (): Promise<Buffer> => {
      const pieces: Uint8Array[] = [];
      for await (const piece of reading.pieces()) pieces.push(piece);
      return Buffer.concat(pieces);
    };
    const [first, second] = await Promise.all([gather(), gather()]);
    const { voxels } = await reading.volume;
    const expected = Buffer.from(voxels.buffer, voxels.byteOffset, voxels.byteLength);
    expect(first.equals(expected)).toBe(true);
    expect(second.equals(expected)).toBe(true);
    expect((await gather()).equals(expected)).toBe(true);
  });

  it('come before the reading is over, and end with its fault', async () => {
    const reading = new TrackedReading();
    const pieces = reading.pieces();
    const coming = pieces.next();
    reading.begin({ outline: {} as never, voxels: Uint8Array.of(1, 2, 3, 4) });
    reading.advance(2);
    expect((await coming).value).toEqual(Uint8Array.of(1, 2));
    const rest = pieces.next();
    reading.fail(new FaultError({ code: 'image-truncated', message: 'Too short.' }));
    await expect(rest).rejects.toThrow('Too short.');
    await expect(reading.volume).rejects.toThrow('Too short.');
  });
});
