import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../common/fault.ts';
import { repairedAffineOf } from '../../../common/imaging/nifti-affine.ts';
import { parseNiftiHeader } from '../../../common/imaging/nifti-header.ts';
import { readVoxels } from '../../../common/imaging/nifti-voxels.ts';

interface Numbers {
  readonly headers: readonly {
    readonly name: string;
    readonly version: 1 | 2;
    readonly header: string;
    readonly affine: readonly number[];
    readonly spatialShape: readonly number[];
  }[];
  readonly scaling: readonly {
    readonly dtype: string;
    readonly slope: string;
    readonly inter: number;
    readonly file: string;
    readonly values: readonly number[];
  }[];
}

const fixture = new URL('../../fixtures/nibabel/headers.json', import.meta.url);
const numbers = JSON.parse(readFileSync(fixture, 'utf8')) as Numbers;

describe("affines are those of MONAI's reader", () => {
  test.each(numbers.headers.map((header) => [`NIfTI-${header.version}, ${header.name}`, header] as const))(
    '%s',
    (_, expected) => {
      const header = unwrap(parseNiftiHeader(Buffer.from(expected.header, 'base64')));
      const affine = unwrap(repairedAffineOf(header));
      affine.forEach((value, at) => expect(value).toBeCloseTo(expected.affine[at]!, 6));
      expect(header.shape.slice(0, 3)).toEqual(expected.spatialShape);
      expect(header.version).toBe(expected.version);
    },
  );
});

describe("values are nibabel's, to the bit", () => {
  test.each(
    numbers.scaling.map((found) => [`${found.dtype} * ${found.slope} + ${found.inter}`, found] as const),
  )('%s', (_, expected) => {
    const bytes = Buffer.from(expected.file, 'base64');
    const values = unwrap(readVoxels(unwrap(parseNiftiHeader(bytes)), bytes));
    expect([...values]).toEqual(expected.values);
  });
});
