import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { surveySource } from '../../../main/library/survey-source.ts';
import { makeDataList, type DataListRequest, type MadeDataList } from '../../../main/mmar/make-data-list.ts';
import { newMmar } from '../../../main/mmar/new-mmar.ts';
import { encodeSlice, writeSlices } from '../imaging/dicom-files.ts';
import { faultsOf } from './archive/archived-mmar.ts';
import { volume } from './check/tiny-mmar.ts';

/** 4 slices. */
const SERIES = join(import.meta.dirname, '../../fixtures/monai/formats/series');
const SHAPE = [12, 10, 4];

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outerloop-series-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const copySeries = (place: string): void => cpSync(SERIES, join(root, place), { recursive: true });

function write(file: string, bytes: Uint8Array): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), bytes);
}

const writeLabel = (file: string, shape: number[] = SHAPE): void =>
  write(file, file.endsWith('.gz') ? gzipSync(labelOf(shape)) : labelOf(shape));

const labelOf = (shape: number[]): Uint8Array => volume(shape, (at) => at % 2);

function writeNrrdLabel(file: string): void {
  const header = `NRRD0004\ntype: uchar\ndimension: 3\nsizes: ${SHAPE.join(' ')}\nencoding: raw\n\n`;
  write(file, Buffer.concat([Buffer.from(header), Buffer.alloc(12 * 10 * 4, 1)]));
}

function writeLabelSeries(place: string): void {
  const slices = [0, 1, 2, 3].map((z) => ({
    ...{ file: `${z}.dcm`, rows: 10, columns: 12, number: z + 1 },
    ...{ pixels: new Uint8Array(120).fill(1), position: [0, 0, z], description: 'Muster' },
  }));
  writeSlices(join(root, place), slices);
}

const make = (more: Partial<DataListRequest> = {}): Promise<MadeDataList> =>
  makeDataList({ folder: root, validation: 0, ...more });

describe('folders of DICOM series are cases of a data list', () => {
  it('one each, by the name of the folder, with a label in any format', async () => {
    for (const name of ['a', 'b', 'c', 'd']) copySeries(`images/${name}`);
    writeLabel('labels/a.nii.gz');
    writeNrrdLabel('labels/b/segmentation.nrrd');
    writeLabelSeries('labels/c');
    writeLabel('labels/d_seg.nii');
    write('images/e.nii', volume(SHAPE));
    writeLabel('labels/e.nii');
    const { list, classes } = await make();
    expect(classes).toBe(2);
    expect(list.training).toEqual([
      { image: 'images/a', label: 'labels/a.nii.gz' },
      { image: 'images/b', label: 'labels/b/segmentation.nrrd' },
      { image: 'images/c', label: 'labels/c' },
      { image: 'images/d', label: 'labels/d_seg.nii' },
      { image: 'images/e.nii', label: 'labels/e.nii' },
    ]);
    expect(JSON.stringify(list)).not.toContain('Muster');
  });

  it('whatever the files are called, for they carry a mark', async () => {
    for (const name of [0, 1, 3, 4]) {
      const bytes = readFileSync(join(SERIES, `${name}.dcm`));
      write(`images/plain/IM00${name}`, bytes);
      write(`images/numbers/1.2.826.${name}`, bytes);
    }
    write('images/plain/README', Buffer.from('no image'));
    writeLabel('labels/plain.nii');
    writeLabel('labels/numbers.nii');
    // Neither an index of a disk nor other files make a series.
    write('images/notes/text', Buffer.alloc(200));
    write('images/disk/DICOMDIR', encodeSlice({ file: '', rows: 1, columns: 1, pixels: new Uint8Array(1) }));
    mkdirSync(join(root, 'images/none'));
    copySeries('images/.hidden');
    expect((await make()).list.training).toEqual([
      { image: 'images/numbers', label: 'labels/numbers.nii' },
      { image: 'images/plain', label: 'labels/plain.nii' },
    ]);
  });

  it('without a look into what is below them, and through links', async () => {
    copySeries('images/a');
    copySeries('images/a/localizer');
    copySeries('elsewhere');
    symlinkSync(join(root, 'elsewhere'), join(root, 'images/b'));
    writeLabel('labels/a.nii');
    writeLabel('labels/b.nii');
    expect((await make()).list.training).toEqual([
      { image: 'images/a', label: 'labels/a.nii' },
      { image: 'images/b', label: 'labels/b.nii' },
    ]);
  });

  it('of several channels, and beside their labels', async () => {
    for (const channel of ['0000', '0001']) copySeries(`imagesTr/a_${channel}`);
    writeLabel('labelsTr/a.nii');
    expect((await make()).list.training).toEqual([
      { image: ['imagesTr/a_0000', 'imagesTr/a_0001'], label: 'labelsTr/a.nii' },
    ]);
    copySeries('shared/x');
    writeLabelSeries('shared/x_seg');
    copySeries('shared/y');
    writeLabel('shared/y_label.nii');
    const shared = await make({ images: 'shared', labels: 'shared', replace: true });
    expect(shared.list.training).toEqual([
      { image: 'shared/x', label: 'shared/x_seg' },
      { image: 'shared/y', label: 'shared/y_label.nii' },
    ]);
  });

  it('where one of the two folders stands in the other', async () => {
    copySeries('a');
    writeLabel('masks/a.nii');
    expect((await make()).list.training).toEqual([{ image: 'a', label: 'masks/a.nii' }]);
  });

  it('for a new MMAR, and what is counted before one is made', async () => {
    copySeries('data/images/a');
    copySeries('data/images/b');
    writeLabel('data/labels/a.nii');
    writeLabel('data/labels/b.nii');
    const folder = join(root, 'data');
    const source = { kind: 'folders', folder, validation: 0.5, seed: 0 } as const;
    const survey = await surveySource(source);
    expect(survey).toMatchObject({ training: 1, validation: 1 });
    expect(survey.sample[0]!.image).toMatch(/^images\/[ab]$/);
    const { file: datalist } = await make({ folder, validation: 0.5 });
    const made = await newMmar({ template: 'segmentation-unet-3d', folder: join(root, 'mmar'), datalist });
    expect(made.survey).toMatchObject({ counts: { training: 1, validation: 1 }, classes: 2 });
    expect(made.survey!.shapes[0]!.toSorted((x, y) => x - y)).toEqual([4, 10, 12]);
  });
});

describe('a data list of DICOM series is refused', () => {
  const refusal = async (more: Partial<DataListRequest> = {}): Promise<readonly unknown[]> =>
    (await faultsOf(make(more))).map(({ code, file, message }) => [code, file, message]);

  it('for a series without a label, and a label without a series, by their paths alone', async () => {
    copySeries('images/a');
    copySeries('images/b');
    writeLabel('labels/a.nii');
    writeLabelSeries('labels/c');
    writeNrrdLabel('labels/b/one.nrrd');
    writeNrrdLabel('labels/b/two.nrrd');
    expect(await refusal()).toEqual([
      ['data-list', 'images/b', 'The image has no label in labels.'],
      ['data-list', 'labels/c', 'The label has no image in images.'],
    ]);
  });

  it('for a series of another size, or one that only seems to be one', async () => {
    copySeries('images/a');
    writeLabel('labels/a.nii', [12, 10, 3]);
    expect(await refusal()).toEqual([
      ['image-size-mismatch', 'images/a', 'It has 12 x 10 x 4 voxels, labels/a.nii has 12 x 10 x 3.'],
    ]);
    write('images/b/1.dcm', Buffer.from('no image'));
    writeLabel('labels/a.nii');
    writeLabel('labels/b.nii');
    expect(await refusal()).toEqual([['image-unreadable', 'images/b', 'The file holds no DICOM image.']]);
  });

  it('for a series beside the file that was made of it, which is no second channel', async () => {
    copySeries('images/a');
    write('images/a.nii', volume(SHAPE));
    writeLabel('labels/a.nii');
    expect(await refusal()).toEqual([['data-list', 'images/a.nii', 'Another image has the same name.']]);
  });

  it('for slices that lie in the folder of the images itself', async () => {
    copySeries('images');
    writeLabel('labels/a.nii');
    expect(await refusal()).toEqual([['data-list-empty', 'images', 'The folder holds no images.']]);
  });
});
