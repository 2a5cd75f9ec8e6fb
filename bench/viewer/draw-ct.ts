import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { diagonalAffine } from '../../common/imaging/affine.ts';
import { encodeNifti } from '../../common/imaging/nifti-encode.ts';
import { writeSlices } from '../../test/main/imaging/dicom-files.ts';

export const SHAPE = [512, 512, 300] as const;

/** The same CT in the forms that a site has it in. */
export interface CtFiles {
  readonly name: string;
  /** A file or a folder. */
  readonly path: string;
  readonly bytes: number;
}

/**
 * Writes a CT of 512 x 512 x 300 that compresses about as well as a real one (to 40 %): air and a body, both with the noise of a
 * scanner, and nothing outside its circle.
 */
export function writeCt(folder: string): readonly CtFiles[] {
  const values = drawCt();
  const nifti = encodeNifti({
    values,
    shape: SHAPE,
    affine: diagonalAffine([-0.8, -0.8, 2.5]),
    voxelType: 'int16',
  });
  const compressed = gzipSync(nifti, { level: 6 });
  const [plain, packed, slices] = ['ct.nii', 'ct.nii.gz', 'ct'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(plain, nifti);
  writeFileSync(packed, compressed);
  mkdirSync(slices);
  writeSlices(slices, sliceUp(values));
  return [
    { name: '.nii.gz', path: packed, bytes: compressed.length },
    { name: '.nii', path: plain, bytes: nifti.length },
    { name: 'DICOM, 300 files', path: slices, bytes: nifti.length },
  ];
}

/** C order: z fastest. */
function drawCt(): Float32Array {
  const [nx, ny, nz] = SHAPE;
  const values = new Float32Array(nx * ny * nz);
  const noise = makeNoise();
  let at = 0;
  for (let x = 0; x < nx; x++) {
    for (let y = 0; y < ny; y++) {
      const isBody = ((x - nx / 2) / 200) ** 2 + ((y - ny / 2) / 150) ** 2 < 1;
      const isScanned = (x - nx / 2) ** 2 + (y - ny / 2) ** 2 < (nx / 2) ** 2;
      for (let z = 0; z < nz; z++, at++) {
        values[at] = isBody ? 40 + noise(12) : isScanned ? Math.max(-1024, -1000 + noise(10)) : -1024;
      }
    }
  }
  return values;
}

/** About normally distributed; xorshift, so that no period is compressed away. */
function makeNoise(): (deviation: number) => number {
  let state = 2463534242;
  return (deviation) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const sum = (state & 255) + ((state >>> 8) & 255) + ((state >>> 16) & 255) + (state >>> 24);
    return Math.round(((sum - 510) / 148) * deviation);
  };
}

function sliceUp(values: Float32Array) {
  const [nx, ny, nz] = SHAPE;
  return Array.from({ length: nz }, (_, z) => ({
    file: `${z}.dcm`,
    rows: ny,
    columns: nx,
    pixels: Int16Array.from({ length: nx * ny }, (_unused, at) => {
      const [x, y] = [at % nx, Math.floor(at / nx)];
      return values[(x * ny + y) * nz + z]!;
    }),
    position: [0, 0, 2.5 * z],
    spacing: [0.8, 0.8],
    number: z + 1,
  }));
}
