import { beforeEach, expect, it, vi } from 'vitest';
import { ImageFile } from '../../../renderer/features/image-file/image-file.svelte.ts';
import { makeVolume } from '../viewer/make-volume.ts';

const { images, fetchVoxels } = vi.hoisted(() => ({
  images: { begin: vi.fn(), open: vi.fn() },
  fetchVoxels: vi.fn(),
}));
vi.mock('../../../renderer/api.ts', () => ({ api: { images } }));
vi.mock('../../../renderer/viewer/volume/fetch-voxels.ts', () => ({ fetchVoxels }));

const { facts, voxels } = makeVolume();
beforeEach(() => {
  vi.clearAllMocks();
  images.begin.mockResolvedValue({ token: 't', outline: facts });
  images.open.mockResolvedValue({ token: 't', facts });
  fetchVoxels.mockResolvedValue(voxels);
});

it('shows a file of this machine, its channels and its series', async () => {
  const file = new ImageFile();
  await file.open('/data/scans/mr 7/');
  expect(file.name).toBe('mr 7');
  expect(file.viewer.image?.facts).toBe(facts);
  await file.showSeries(2);
  await file.showChannel(1);
  expect(images.begin.mock.calls.map(([place]) => place as unknown)).toEqual([
    { from: 'disk', path: '/data/scans/mr 7/', channel: 0, series: 0 },
    { from: 'disk', path: '/data/scans/mr 7/', channel: 0, series: 2 },
    { from: 'disk', path: '/data/scans/mr 7/', channel: 1, series: 2 },
  ]);
  await file.open('/data/other.nii');
  expect(images.begin.mock.lastCall![0]).toMatchObject({ path: '/data/other.nii', channel: 0, series: 0 });
});

it('says why there is no image, and shows none', async () => {
  const file = new ImageFile();
  await file.open('/data/a.nii');
  const problem = new Error('no');
  images.open.mockRejectedValueOnce(problem);
  await file.open('/data/b.nii');
  expect(file.problem).toBe(problem);
  expect(file.viewer.image).toBeUndefined();
  await file.retry();
  expect(file.problem).toBeUndefined();
  expect(file.isOpening).toBe(false);
});
