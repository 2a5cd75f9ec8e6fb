import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { toColumnMajor } from '../../../common/imaging/axis-order.ts';
import { writeSlices } from '../../main/imaging/dicom-files.ts';
import { drawCase, makePhantomMmar, type PhantomMmar } from './phantom-mmar.ts';
import { messagesOf, runProgram } from './run-program.ts';

const mmars: PhantomMmar[] = [];
afterEach(() => mmars.splice(0).forEach((mmar) => mmar.remove()));
const SHAPE = [12, 10, 8];

/** x fastest. */
const inFileOrder = (values: Float32Array): Float32Array =>
  toColumnMajor(values, SHAPE, new Float32Array(values.length));

function nrrd(values: Float32Array): Uint8Array {
  const header = `NRRD0004\ntype: float\nendian: little\ndimension: 3\nsizes: ${SHAPE.join(' ')}\nspace: ras\nencoding: raw\n\n`;
  return Buffer.concat([Buffer.from(header), new Uint8Array(inFileOrder(values).buffer)]);
}

function metaImage(values: Float32Array): Uint8Array {
  // Turned around two axes, so that its LPS axes point where the others' RAS axes do.
  const header =
    `ObjectType = Image\nNDims = 3\nDimSize = ${SHAPE.join(' ')}\nTransformMatrix = -1 0 0 0 -1 0 0 0 1\n` +
    'BinaryData = True\nElementType = MET_FLOAT\nElementDataFile = LOCAL\n';
  return Buffer.concat([Buffer.from(header), new Uint8Array(inFileOrder(values).buffer)]);
}

function writeSeries(folder: string, values: Float32Array): void {
  const stored = inFileOrder(values);
  const [columns, rows, slices] = SHAPE;
  const count = columns * rows;
  writeSlices(
    folder,
    Array.from({ length: slices }, (_, z) => ({
      file: `${slices - z}.dcm`,
      rows,
      columns,
      pixels: Int16Array.from(stored.subarray(z * count, (z + 1) * count)),
      position: [0, 0, z],
      directions: [-1, 0, 0, 0, -1, 0],
    })),
  );
}

it('trains on other formats as on NIfTI', async () => {
  const make = (): PhantomMmar => {
    const mmar = makePhantomMmar({ training: 2, validation: 1 });
    mmars.push(mmar);
    return mmar;
  };
  const [plain, other] = [make(), make()];
  const data = (name: string): string => join(other.root, 'data', name);
  const list = (image: string, label: string) => ({ image, label });
  writeFileSync(data('0.nrrd'), nrrd(drawCase(0).image));
  writeSeries(data('0-label'), drawCase(0).label);
  writeFileSync(data('1.mha'), metaImage(drawCase(1).image));
  writeFileSync(data('1-label.nrrd'), nrrd(drawCase(1).label));
  other.write('data/dataset.json', {
    training: [list('0.nrrd', '0-label'), list('1.mha', '1-label.nrrd')],
    validation: [list('case_2.nii', 'case_2_label.nii')],
  });
  const losses = async ({ root }: PhantomMmar): Promise<readonly number[]> => {
    const result = await runProgram(root, ['train']);
    expect(result.exitCode).toBe(0);
    return messagesOf(result, 'iteration').map(({ loss }) => loss);
  };
  expect(await losses(other)).toEqual(await losses(plain));
});
