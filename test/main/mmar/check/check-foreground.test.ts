import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { checkTiny, removeTinyMmars, volume, type TinyMmar } from './tiny-mmar.ts';

afterEach(removeTinyMmars);

/** One case without anything above 0, and CropForegroundd at that place of the chain. */
const withDarkCase =
  (place: number, args: object = {}) =>
  ({ train, files }: TinyMmar): void => {
    const crop = {
      name: 'CropForegroundd',
      args: { keys: ['image', 'label'], source_key: 'image', ...args },
    };
    train.train.pre_transforms.splice(place, 0, crop);
    files['data/b.nii.gz'] = gzipSync(volume([16, 16, 12], (at) => -(at % 7)));
  };

describe('a crop to the foreground', () => {
  it('of an image without any is found before the training, with its case', async () => {
    const { lines } = await checkTiny(withDarkCase(2));
    expect(lines).toEqual([
      'config/config_train.json: train.pre_transforms[2].args.source_key: CropForegroundd.source_key: No voxel of "image" is above 0, so there is no box to crop to: data/list.json, training[1]. Allowed: images with some values above 0 where this transform stands (scale intensities before it).',
    ]);
  });

  it('is left to the training where intensities change before it', async () => {
    expect((await checkTiny(withDarkCase(3))).lines).toEqual([]);
  });

  it('may be by the label', async () => {
    expect((await checkTiny(withDarkCase(2, { source_key: 'label' }))).lines).toEqual([]);
  });
});
