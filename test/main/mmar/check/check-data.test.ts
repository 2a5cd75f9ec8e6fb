import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { checkTiny, removeTinyMmars, volume, type TinyMmar } from './tiny-mmar.ts';
import { encodeSlice } from '../../imaging/dicom-files.ts';

afterAll(removeTinyMmars);

/** The message without what is allowed. */
const messages = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.split(' Allowed')[0]);

describe('the data list', () => {
  it('is missing or broken', async () => {
    const { faults } = await checkTiny((mmar) => (mmar.environment.DATASET_JSON = 'data/nolist.json'));
    expect(faults[0]).toMatchObject({ code: 'file-missing', file: 'data/nolist.json', component: 'Dataset' });
    expect((await checkTiny((mmar) => (mmar.files['data/list.json'] = '{'))).faults[0]).toMatchObject({
      code: 'json-syntax',
      file: 'data/list.json',
    });
  });

  it('has no such key, no cases, or items that are none', async () => {
    expect(messages((await checkTiny(({ list }) => delete list.validation)).lines)).toEqual([
      'data/list.json: validation: The data list has no list "validation".',
    ]);
    expect((await checkTiny(({ list }) => (list.training = []))).faults).toMatchObject([
      { code: 'data-list-empty', file: 'data/list.json', path: ['training'] },
    ]);
    expect((await checkTiny(({ list }) => list.training.push(3))).faults).toMatchObject([
      { code: 'data-list', path: ['training', 2] },
    ]);
  });

  it('lacks a key that the transforms load', async () => {
    const { lines } = await checkTiny(
      ({ list }) => (list.training[1] = { image: 'b.nii.gz', lable: 'b_label.nii.gz' }),
    );
    expect(lines).toEqual([
      'data/list.json: training[1].label: The case has no path under "label", which LoadImaged reads. Did you mean lable? Allowed: image, lable.',
    ]);
  });

  it('is not named by the data set', async () => {
    const { faults } = await checkTiny(({ train }) => delete train.train.dataset.data_list_key);
    expect(faults).toMatchObject([
      { code: 'data-list', path: ['train', 'dataset', 'data_list_key'], component: 'Dataset' },
    ]);
  });

  it('may stand elsewhere, with paths from its own folder', async () => {
    const { faults } = await checkTiny(({ train }) => {
      delete train.train.dataset.data_file_base_dir;
      delete train.validate.dataset.data_file_base_dir;
    });
    expect(faults).toEqual([]);
  });
});

describe('images', () => {
  const withImage = (content: Uint8Array | string | undefined, name = 'data/b.nii.gz') =>
    checkTiny((mmar) => (mmar.files[name] = content));

  it('are missing', async () => {
    const { faults, lines } = await withImage(undefined);
    expect(faults).toMatchObject([
      { code: 'image-missing', file: 'data/list.json', path: ['training', 1, 'image'] },
    ]);
    expect(lines[0]).toContain('"b.nii.gz": ');
  });

  it('are no NIfTI files', async () => {
    expect((await withImage('not an image')).faults).toMatchObject([
      { code: 'image-unreadable', path: ['training', 1, 'image'] },
    ]);
    expect((await withImage(gzipSync('neither'))).faults).toMatchObject([{ code: 'image-unreadable' }]);
  });

  it('are cut off, compressed or not', async () => {
    const whole = volume([16, 16, 12]);
    const compressed = gzipSync(volume([16, 16, 12], (at) => (at * 7919) % 1000));
    expect((await withImage(gzipSync(whole.subarray(0, 3000)))).lines).toEqual([
      'data/list.json: training[1].image: "b.nii.gz": The file is cut off: its header announces 6496 bytes, 3000 are there.',
    ]);
    expect((await withImage(whole.subarray(0, 3000))).faults).toMatchObject([{ code: 'image-truncated' }]);
    expect((await withImage(compressed.subarray(0, compressed.length / 2))).faults).toMatchObject([
      { code: 'image-truncated' },
    ]);
    expect((await withImage(whole.subarray(0, 100))).faults).toMatchObject([{ code: 'image-truncated' }]);
  });

  describe('of other formats', () => {
    const HEAD = 'type: uchar\ndimension: 3\nsizes: 16 16 12\n';
    const voxels = Buffer.alloc(16 * 16 * 12, 1);
    const nrrd = (encoding: string, content: Uint8Array): Uint8Array =>
      Buffer.concat([Buffer.from(`NRRD0004\n${HEAD}encoding: ${encoding}\n\n`), content]);
    const withFile = (name: string, content: Uint8Array) =>
      checkTiny((mmar) => {
        mmar.files[`data/${name}`] = content;
        mmar.list.training[1].image = name;
      });

    it('are right, or cut off', async () => {
      expect((await withFile('b.nrrd', nrrd('raw', voxels))).faults).toEqual([]);
      expect((await withFile('b.nrrd', nrrd('gzip', gzipSync(voxels)))).faults).toEqual([]);
      const place = { code: 'image-truncated', file: 'data/list.json', path: ['training', 1, 'image'] };
      expect((await withFile('b.nrrd', nrrd('raw', voxels.subarray(9)))).faults).toMatchObject([place]);
      const packed = gzipSync(voxels.subarray(9));
      expect((await withFile('b.nrrd', nrrd('gzip', packed))).faults).toMatchObject([place]);
      const header = 'NDims = 3\nDimSize = 16 16 12\nElementType = MET_UCHAR\nElementDataFile = gone.raw\n';
      expect((await withFile('b.mhd', Buffer.from(header))).faults).toMatchObject([
        { ...place, code: 'image-missing' },
      ]);
      const other = nrrd('raw', voxels).toString().replace('16 16 12', '16 12 16');
      expect((await withFile('b.nrrd', Buffer.from(other))).faults).toMatchObject([
        { code: 'image-size-mismatch', path: ['training', 1] },
      ]);
    });

    it('are DICOM series, with doubts about their slices', async () => {
      const slices = (places: readonly number[]) =>
        checkTiny((mmar) => {
          mmar.list.training[1].image = 'series';
          for (const z of places) {
            const pixels = Int16Array.from({ length: 256 }, (_, at) => at);
            const slice = { file: `${z}.dcm`, rows: 16, columns: 16, pixels, position: [0, 0, z] };
            mmar.files[`data/series/${z}.dcm`] = encodeSlice(slice, z);
          }
        });
      const all = Array.from({ length: 12 }, (_, z) => z);
      expect(await slices(all)).toMatchObject({ faults: [], warnings: [] });
      const gaps = await slices([...all.filter((z) => z !== 5), 12]);
      expect(gaps).toMatchObject({
        faults: [],
        warnings: [
          'data/list.json: training[1].image: "series": 1 slices are missing, after slice 5 of 12: places behind them are not right.',
        ],
      });
      expect((await slices(all.slice(1))).faults).toMatchObject([{ code: 'image-size-mismatch' }]);
    });
  });

  it('may be uncompressed, and may have bytes behind the voxels', async () => {
    const whole = volume([16, 16, 12]);
    const longer = new Uint8Array(whole.length + 10);
    longer.set(whole);
    expect((await withImage(whole)).faults).toEqual([]);
    expect((await withImage(gzipSync(longer))).faults).toEqual([]);
  });

  it('are all looked at, and named all', async () => {
    const { faults } = await checkTiny((mmar) => {
      mmar.files['data/a.nii.gz'] = undefined;
      mmar.files['data/v_label.nii.gz'] = undefined;
    });
    expect(faults.map(({ path }) => path)).toEqual([
      ['training', 0, 'image'],
      ['validation', 0, 'label'],
    ]);
  });

  it('have another size than the label', async () => {
    const { lines } = await withImage(gzipSync(volume([16, 16, 11], () => 1)), 'data/b_label.nii.gz');
    expect(lines).toEqual([
      'data/list.json: training[1]: "image" has 16 x 16 x 12 voxels, but "label" has 16 x 16 x 11. Allowed: images and labels of one case on the same grid.',
    ]);
  });

  it('may be several, one per channel', async () => {
    const several = (other: Uint8Array) =>
      checkTiny((mmar) => {
        mmar.list.training[0].image = ['a.nii.gz', 'a2.nii.gz'];
        mmar.files['data/a2.nii.gz'] = other;
      });
    expect((await several(gzipSync(volume([16, 16, 12])))).faults).toEqual([]);
    expect((await several(gzipSync(volume([16, 15, 12])))).faults).toMatchObject([
      { code: 'image-size-mismatch' },
    ]);
  });
});

describe('labels', () => {
  const withLabels = (valueAt: (at: number) => number, edit: (mmar: TinyMmar) => void = () => undefined) =>
    checkTiny((mmar) => {
      for (const name of ['a', 'b'])
        mmar.files[`data/${name}_label.nii.gz`] = gzipSync(volume([16, 16, 12], valueAt));
      edit(mmar);
    });

  it('hold nothing but background', async () => {
    expect((await withLabels(() => 0)).lines).toEqual([
      'data/list.json: training: No label holds anything but background. Allowed: class 1 to 1 somewhere.',
    ]);
  });

  it('hold values that are no classes', async () => {
    const { lines } = await withLabels((at) => (at === 100 ? 2 : 0));
    expect(lines).toEqual([
      'data/list.json: training[0].label: The label holds values from 0 to 2, but the network has 2 classes. Allowed: whole numbers from 0 to 1.',
      'data/list.json: training[1].label: The label holds values from 0 to 2, but the network has 2 classes. Allowed: whole numbers from 0 to 1.',
    ]);
    expect((await withLabels(() => -1)).faults).toMatchObject([
      { code: 'label-values' },
      { code: 'label-values' },
    ]);
  });

  it('lack a class: a warning', async () => {
    const { faults, warnings } = await withLabels(
      (at) => at % 2,
      ({ train }) => (train.train.model.args.out_channels = 3),
    );
    expect(faults).toEqual([]);
    expect(warnings).toEqual([
      'data/list.json: training: No label holds class 2.',
      'data/list.json: validation: No label holds class 2.',
    ]);
  });
});

describe('sizes', () => {
  const cropOf = ({ train }: TinyMmar) => train.train.pre_transforms[3].args;

  it('a patch is larger than an image', async () => {
    const { lines } = await checkTiny((mmar) => (cropOf(mmar).spatial_size = [16, 16, 16]));
    expect(lines).toEqual([
      'config/config_train.json: train.pre_transforms[3].args.spatial_size: RandCropByPosNegLabeld.spatial_size: The patch of 16 x 16 x 16 voxels is larger than an image of 16 x 16 x 12: data/list.json, training[0]. So it is in 1 more of 2 cases. Allowed: a smaller patch, a SpatialPadd before it, or "allow_smaller": true.',
    ]);
  });

  it('a patch fits once the image is padded, resampled or may be smaller', async () => {
    const padded = await checkTiny((mmar) => {
      cropOf(mmar).spatial_size = [16, 16, 16];
      mmar.train.train.pre_transforms.splice(3, 0, {
        name: 'SpatialPadd',
        args: { keys: ['image', 'label'], spatial_size: [16, 16, 16] },
      });
    });
    expect(padded.faults).toEqual([]);
    const resampled = await checkTiny((mmar) => {
      cropOf(mmar).spatial_size = [24, 24, 22];
      mmar.train.train.pre_transforms.splice(2, 0, {
        name: 'Spacingd',
        args: { keys: ['image', 'label'], pixdim: [0.5, 0.5, 0.5], mode: ['bilinear', 'nearest'] },
      });
    });
    expect(resampled.faults).toEqual([]);
    const smaller = await checkTiny((mmar) =>
      Object.assign(cropOf(mmar), { spatial_size: [16, 16, 16], allow_smaller: true }),
    );
    expect(smaller.faults).toEqual([]);
  });

  it('a patch no longer fits once the image is resampled', async () => {
    const { faults } = await checkTiny((mmar) =>
      mmar.train.train.pre_transforms.splice(2, 0, {
        name: 'Spacingd',
        args: { keys: ['image', 'label'], pixdim: [3, 3, 3], mode: ['bilinear', 'nearest'] },
      }),
    );
    expect(faults).toMatchObject([{ code: 'patch-too-large', component: 'RandCropByPosNegLabeld' }]);
  });

  it('the network cannot halve a patch or a window', async () => {
    const patch = await checkTiny((mmar) => (cropOf(mmar).spatial_size = [8, 7, 8]));
    expect(patch.lines).toEqual([
      'config/config_train.json: train.pre_transforms[3]: RandCropByPosNegLabeld: UNet cannot halve 8 x 7 x 8 voxels as often as it does. Allowed: multiples of 2 x 2 x 2.',
    ]);
    const window = await checkTiny(({ train }) => (train.validate.inferer.args.roi_size = [8, 8, 9]));
    expect(window.faults).toMatchObject([
      {
        code: 'size-not-divisible',
        path: ['validate', 'inferer', 'args', 'roi_size'],
        component: 'SlidingWindowInferer',
      },
    ]);
  });

  it('the network cannot halve whole images', async () => {
    const { faults } = await checkTiny(({ train }) => {
      train.train.model.args.channels = [4, 8, 16, 32];
      train.train.model.args.strides = [2, 2, 2];
      train.validate.inferer = { name: 'SimpleInferer' };
    });
    expect(faults).toMatchObject([{ code: 'size-not-divisible', allowed: 'multiples of 8 x 8 x 8' }]);
  });

  it('cases of different size cannot share a batch', async () => {
    const { faults } = await checkTiny((mmar) => {
      mmar.train.train.pre_transforms.splice(3, 1);
      mmar.files['data/b.nii.gz'] = gzipSync(volume([16, 16, 14]));
      mmar.files['data/b_label.nii.gz'] = gzipSync(volume([16, 16, 14], () => 1));
    });
    expect(faults).toMatchObject([
      { code: 'image-size-mismatch', component: 'DataLoader', argument: 'batch_size' },
    ]);
  });
});
