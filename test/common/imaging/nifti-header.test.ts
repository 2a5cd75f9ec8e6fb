import { describe, expect, test } from 'vitest';
import { unwrap, type Fault } from '../../../common/fault.ts';
import { bestAffineOf, repairedAffineOf } from '../../../common/imaging/nifti-affine.ts';
import { parseNiftiHeader } from '../../../common/imaging/nifti-header.ts';
import { readStoredVoxels, readVoxels } from '../../../common/imaging/nifti-voxels.ts';
import { voxelTypes, type VoxelType } from '../../../common/imaging/nifti-datatype.ts';
import { buildNifti, type NiftiBlueprint } from './build-nifti.ts';

const sform = [2, 0, 0, -10, 0, 3, 0, 20, 0, 0, 4, 30];
/** A quarter turn about x. */
const quarterTurn = [Math.SQRT1_2, 0, 0];

function faultOf(bytes: Uint8Array): Fault {
  const parsed = parseNiftiHeader(bytes);
  if (parsed.ok) {
    const voxels = readVoxels(parsed.value, bytes);
    if (voxels.ok) throw new Error('the file was read');
    return voxels.faults[0]!;
  }
  return parsed.faults[0]!;
}

describe('which affine counts', () => {
  const both: NiftiBlueprint = {
    shape: [5, 7, 9],
    sformCode: 1,
    qformCode: 2,
    sformRows: sform,
    quaternion: quarterTurn,
    pixdim: [1, 3, 2, 4, 1, 1, 1, 1],
  };

  test('the sform, even where the qform has the higher code', () => {
    const header = unwrap(parseNiftiHeader(buildNifti(both)));
    expect(unwrap(bestAffineOf(header))).toEqual([...sform, 0, 0, 0, 1]);
  });

  test('the qform where it fits the voxel sizes and the sform does not', () => {
    const header = unwrap(parseNiftiHeader(buildNifti(both)));
    const affine = unwrap(repairedAffineOf(header));
    const expected = [3, 0, 0, 0, 0, 0, -4, 0, 0, 2, 0, 0, 0, 0, 0, 1];
    affine.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 6));
  });

  test('without both: x mirrored, the middle of the volume at the origin', () => {
    const header = unwrap(
      parseNiftiHeader(buildNifti({ shape: [5, 7, 9], pixdim: [1, 2, 3, 4, 1, 1, 1, 1] })),
    );
    expect(unwrap(bestAffineOf(header))).toEqual([-2, 0, 0, 4, 0, 3, 0, -9, 0, 0, 4, -16, 0, 0, 0, 1]);
  });

  test('a quaternion longer than 1 is refused', () => {
    const header = unwrap(
      parseNiftiHeader(buildNifti({ shape: [2, 2, 2], qformCode: 1, quaternion: [0.9, 0.9, 0] })),
    );
    const affine = bestAffineOf(header);
    expect(affine.ok ? undefined : affine.faults[0]).toMatchObject({
      code: 'image-unreadable',
      message: expect.stringContaining('no rotation'),
    });
  });
});

describe('both byte orders and both versions', () => {
  const values = [1, 2, 3, 100, 5, 6];
  const cases = [1, 2].flatMap((version) =>
    [true, false].flatMap((littleEndian) =>
      (Object.keys(voxelTypes) as VoxelType[]).map((type) => [version as 1 | 2, littleEndian, type] as const),
    ),
  );
  test.each(cases)('NIfTI-%i, little endian %s, %s', (version, littleEndian, voxelType) => {
    const bytes = buildNifti({
      version,
      littleEndian,
      voxelType,
      shape: [3, 2],
      values,
      sformCode: 1,
      sformRows: sform,
    });
    const header = unwrap(parseNiftiHeader(bytes));
    expect(header).toMatchObject({ version, littleEndian, voxelType, shape: [3, 2], singleFile: true });
    expect(unwrap(bestAffineOf(header)).slice(0, 12)).toEqual(sform);
    expect([...unwrap(readVoxels(header, bytes))]).toEqual(values);
    expect(unwrap(readStoredVoxels(header, bytes)).length).toBe(6);
  });
});

describe('scaling', () => {
  test.each([
    ['NaN', Number.NaN],
    ['0', 0],
    ['infinity', Infinity],
  ])('a slope of %s means none', (_, slope) => {
    const bytes = buildNifti({ shape: [2, 1, 1], values: [3, 200], slope, intercept: Number.NaN });
    const header = unwrap(parseNiftiHeader(bytes));
    expect([...unwrap(readVoxels(header, bytes))]).toEqual([3, 200]);
  });

  test('slope and intercept', () => {
    const bytes = buildNifti({ shape: [2, 1, 1], values: [3, 200], slope: 0.5, intercept: -10 });
    expect([...unwrap(readVoxels(unwrap(parseNiftiHeader(bytes)), bytes))]).toEqual([-8.5, 90]);
  });

  test('a slope without an intercept is refused', () => {
    expect(faultOf(buildNifti({ shape: [1], slope: 2, intercept: Number.NaN })).message).toContain(
      'scl_inter',
    );
  });
});

describe('files that are refused', () => {
  const whole = buildNifti({ shape: [4, 4, 4], voxelType: 'int16' });
  test.each([
    ['empty', new Uint8Array(0), 'image-unreadable', 'not a NIfTI file'],
    [
      'text',
      new TextEncoder().encode('this is some text'.repeat(40)),
      'image-unreadable',
      'not a NIfTI file',
    ],
    ['no magic', buildNifti({ shape: [2], magic: 'abc' }), 'image-unreadable', 'magic'],
    ['cut in the header', whole.subarray(0, 200), 'image-truncated', '348 bytes'],
    ['cut in the voxels', whole.subarray(0, 400), 'image-truncated', 'end at byte 480'],
    ['RGB', buildNifti({ shape: [2], datatype: 128 }), 'image-unreadable', 'RGB24'],
    ['complex', buildNifti({ shape: [2], datatype: 32 }), 'image-unreadable', 'complex64'],
    ['an unknown type', buildNifti({ shape: [2], datatype: 99 }), 'image-unreadable', 'code 99'],
    ['no axes', buildNifti({ shape: [] }), 'image-unreadable', 'sizes'],
    ['a negative size', buildNifti({ shape: [-1], values: [] }), 'image-unreadable', 'sizes'],
    ['voxels inside the header', offsetInto(whole, 100), 'image-unreadable', 'inside itself'],
  ])('%s', (_, bytes, code, text) => {
    const fault = faultOf(bytes);
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(text);
  });

  function offsetInto(bytes: Uint8Array, offset: number): Uint8Array {
    const changed = bytes.slice();
    new DataView(changed.buffer).setFloat32(108, offset, true);
    return changed;
  }
});
