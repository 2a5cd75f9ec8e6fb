import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { MmarId } from '../../../common/api/ids.ts';
import type { PreviewItem, VolumePlace } from '../../../common/api/images.ts';
import { FaultError } from '../../../common/fault.ts';
import { viewVoxelArray } from '../../../common/imaging/voxel-array.ts';
import { openCallController } from '../../../common/rpc/call-signal.ts';
import { launchPreview } from '../../../main/node/launch-preview.ts';
import { systemClock } from '../../../main/node/system-clock.ts';
import { makeRequestHandler } from '../../../main/resources/handle-request.ts';
import { thumbnailsRoute, volumesRoute } from '../../../main/resources/volumes.ts';
import { createImagesService } from '../../../main/services/images.ts';
import { drawCase, makePhantomMmar } from '../../trainer/program/phantom-mmar.ts';

const mmar = 'aaaaaaaa' as MmarId;
const phantom = makePhantomMmar();
let trusts = false;
const service = createImagesService({
  folderOf: () => phantom.root,
  isTrusted: async () => trusts,
  mayOpen: async (path) => {
    if (!path.startsWith(phantom.root))
      throw new FaultError({ code: 'path-not-allowed', message: 'Not there.' });
  },
  launchPreview,
  clock: systemClock,
});
const answer = makeRequestHandler({
  uiFolder: '/nowhere',
  routes: [volumesRoute(service.readVolume), thumbnailsRoute(service.readThumbnail)],
  onDefect: (error) => {
    throw error;
  },
});
afterAll(async () => {
  await service.dispose();
  phantom.remove();
});

const { signal } = openCallController();
const get = (path: string, method = 'GET') => answer(new Request(`http://localhost${path}`, { method }));
const open = (place: VolumePlace) =>
  service.handlers.open({ channel: 0, file: 0, ...place } as never, { signal });
const caseImage = { from: 'case', mmar, list: 'training', index: 1, key: 'image' } as const;

async function faultOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FaultError);
  return (error as FaultError).faults[0];
}

/** The phantom's volume as the window gets it: x fastest. */
function xFastest(values: Float32Array): number[] {
  const found: number[] = [];
  for (let z = 0; z < 8; z++)
    for (let y = 0; y < 10; y++) for (let x = 0; x < 12; x++) found.push(values[(x * 10 + y) * 8 + z]!);
  return found;
}

const configText = (): string => {
  const both = { keys: ['image', 'label'] };
  const dataset = {
    name: 'Dataset',
    data_list_file_path: '{DATASET_JSON}',
    data_file_base_dir: '{DATA_ROOT}',
    data_list_key: 'training',
    args: { transform: '@pre_transforms' },
  };
  return JSON.stringify({
    train: {
      pre_transforms: [
        { name: 'LoadImaged', args: both },
        { name: 'EnsureChannelFirstd', args: both },
        { name: 'RandShiftIntensityd', args: { keys: 'image', offsets: 0.2, prob: 1 } },
        { name: 'Own', path: 'own.Own', args: {} },
      ],
      dataset,
      dataloader: { name: 'DataLoader', args: { dataset: '@dataset' } },
      trainer: { name: 'SupervisedTrainer', args: {} },
    },
  });
};
const request = {
  mmar,
  configFile: 'config/config_train.json',
  configText: configText(),
  section: 'train',
  listKey: 'training',
  index: 1,
  seed: 3,
  epoch: 1,
} as const;

async function preview(change: { readonly index?: number } = {}): Promise<PreviewItem[]> {
  const items: PreviewItem[] = [];
  for await (const item of service.handlers.preview({ ...request, ...change }, { signal }))
    items.push(item as PreviewItem);
  return items;
}

describe('images of a case', () => {
  it('are opened, and their voxels come exactly', async () => {
    const { token, facts } = await open(caseImage);
    expect(facts).toMatchObject({ shape: [12, 10, 8], voxelType: 'float32', source: { format: 'NIfTI-1' } });
    const response = await get(`/resource/volumes/${token}`);
    expect(response.headers.get('Content-Type')).toBe('application/octet-stream');
    expect(response.headers.get('Content-Length')).toBe(String(12 * 10 * 8 * 4));
    const voxels = viewVoxelArray('float32', await response.arrayBuffer());
    expect(Array.from(voxels)).toEqual(xFastest(drawCase(1).image));
  });

  it('are another volume when the file has changed', async () => {
    const first = await open(caseImage);
    expect((await open(caseImage)).token).toBe(first.token);
    utimesSync(join(phantom.root, 'data/case_1.nii'), new Date(), new Date(Date.now() + 5000));
    expect((await open(caseImage)).token).not.toBe(first.token);
  });

  it('have labels, told by their numbers', async () => {
    const { facts } = await open({ ...caseImage, key: 'label' });
    expect(facts.voxelType).toBe('uint8');
    expect(facts.statistics.present).toEqual([0, 1]);
  });

  it('that are not there are named as the list writes them', async () => {
    rmSync(join(phantom.root, 'data/case_2.nii'));
    const gone = await faultOf(open({ ...caseImage, index: 2 }));
    expect(gone).toMatchObject({ code: 'image-missing', file: 'case_2.nii' });
    expect(await faultOf(open({ ...caseImage, index: 77 }))).toMatchObject({
      code: 'data-list',
      path: ['training', 77],
    });
    expect(await faultOf(open({ ...caseImage, key: 'mask' }))).toMatchObject({
      code: 'data-list',
      allowed: 'image, label',
    });
    expect(await faultOf(open({ ...caseImage, list: 'nothing' }))).toMatchObject({ code: 'data-list' });
    expect(await faultOf(open({ ...caseImage, channel: 3 }))).toMatchObject({
      message: 'There is no channel 3.',
    });
  });
});

describe('files of the MMAR', () => {
  it('are opened, but none outside of it', async () => {
    const { facts } = await open({ from: 'file', mmar, path: 'data/case_0.nii' });
    expect(facts.shape).toEqual([12, 10, 8]);
    expect(await faultOf(open({ from: 'file', mmar, path: '../x.nii' }))).toMatchObject({
      code: 'path-not-allowed',
    });
    symlinkSync('/etc', join(phantom.root, 'way-out'));
    expect(await faultOf(open({ from: 'file', mmar, path: 'way-out/hosts' }))).toMatchObject({
      code: 'path-not-allowed',
    });
    expect(await faultOf(open({ from: 'file', mmar, path: 'eval/none.nii.gz' }))).toMatchObject({
      code: 'image-missing',
      file: 'eval/none.nii.gz',
    });
  });
});

describe('files of this machine', () => {
  it('are opened where the window may, and nowhere else', async () => {
    const path = join(phantom.root, 'data/case_0.nii');
    const { token, outline } = await service.handlers.begin(
      { from: 'disk', path, channel: 0, series: 0 },
      { signal },
    );
    expect(outline.shape).toEqual([12, 10, 8]);
    expect(await open({ from: 'disk', path })).toMatchObject({ token, facts: { shape: [12, 10, 8] } });
    expect(await faultOf(open({ from: 'disk', path: '/etc/passwd' }))).toMatchObject({
      code: 'path-not-allowed',
    });
    // A fault names no folder of this machine.
    const missing = await faultOf(open({ from: 'disk', path: join(phantom.root, 'none.nii') }));
    expect(missing).toMatchObject({ code: 'image-missing', file: 'none.nii' });
    expect(JSON.stringify(missing)).not.toContain(phantom.root);
  });
});

describe('addresses', () => {
  it('that nobody was given lead nowhere', async () => {
    const response = await get('/resource/volumes/0000000000000000000000000000000000000000');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ faults: [{ code: 'volume-gone' }] });
    expect((await get('/resource/volumes/x', 'POST')).status).toBe(405);
  });

  it('of a case give a small picture with its label', async () => {
    const response = await get(`/resource/thumbnails/${mmar}/training/1`);
    expect(response.headers.get('Content-Type')).toBe('image/png');
    const { width, height, rgb } = decodePng(new Uint8Array(await response.arrayBuffer()));
    // 12 x 10 voxels of 1 mm: the longer side has 128 pixels.
    expect([width, height]).toEqual([128, 107]);
    const isColoured = (at: number): boolean => rgb[at] !== rgb[at + 1] || rgb[at] !== rgb[at + 2];
    const coloured = Array.from({ length: width * height }, (_, pixel) => pixel).filter((pixel) =>
      isColoured(pixel * 3),
    );
    // Radiological: the ball of case 1 is at x = 6, y = 5 (of 12 and 10), and large x is left.
    const columns = coloured.map((pixel) => pixel % width);
    expect(Math.min(...columns)).toBeGreaterThan(15);
    expect((Math.min(...columns) + Math.max(...columns)) / 2).toBeCloseTo(((11 - 6 + 0.5) / 12) * 128, -1);
  });

  it('of pictures that cannot be drawn say why', async () => {
    expect((await get(`/resource/thumbnails/${mmar}/training/x`)).status).toBe(400);
    expect((await get('/resource/thumbnails/UPPER/training/0')).status).toBe(400);
    const missing = await get(`/resource/thumbnails/${mmar}/training/2`);
    expect(await missing.json()).toMatchObject({ faults: [{ code: 'image-missing' }] });
  });
});

describe('a preview', () => {
  it('runs in the trainer and hands out the image after a step', async () => {
    const items = await preview();
    expect(items.map(({ type }) => type)).toEqual(['opened', 'plan', 'step', 'step', 'step', 'failed']);
    expect(items.at(-1)).toMatchObject({ index: 3, faults: [{ code: 'not-trusted' }] });
    const { preview: name } = items[0] as Extract<PreviewItem, { type: 'opened' }>;
    const image = { from: 'preview', preview: name, step: 2, item: 0, key: 'image', channel: 0 } as const;
    const { token, facts } = await open(image);
    expect(facts.shape).toEqual([12, 10, 8]);
    const shifted = viewVoxelArray('float32', await (await get(`/resource/volumes/${token}`)).arrayBuffer());
    const original = xFastest(drawCase(1).image);
    const by = shifted[0]! - original[0]!;
    expect(by).not.toBe(0);
    original.forEach((value, at) => expect(shifted[at]).toBeCloseTo(value + by, 5));
    expect(await faultOf(open({ ...image, key: 'mask' }))).toMatchObject({ code: 'volume-gone' });
  });

  it('of which there is a newer one has no images any more', async () => {
    const [old] = await preview();
    await preview({ index: 0 });
    const { preview: name } = old as Extract<PreviewItem, { type: 'opened' }>;
    const image = { from: 'preview', preview: name, step: 1, item: 0, key: 'image', channel: 0 } as const;
    expect(await faultOf(open(image))).toMatchObject({ code: 'volume-gone' });
    expect(await faultOf(open({ ...image, preview: 'bbbbbbbb-7' }))).toMatchObject({ code: 'volume-gone' });
  });

  it('runs code of the user once it is trusted, and its new version after an edit', async () => {
    const write = (factor: number): void => {
      mkdirSync(join(phantom.root, 'custom'), { recursive: true });
      writeFileSync(
        join(phantom.root, 'custom/own.js'),
        `export class Own { apply(item) { return { ...item, image: { ...item.image, data: item.image.data.map((v) => v * ${factor}) } }; } }`,
      );
    };
    trusts = true;
    const highest = async (): Promise<number> => {
      const items = await preview();
      expect(items.at(-1)).toMatchObject({ type: 'done' });
      const step = items.findLast((item) => item.type === 'step')!;
      return step.step.images.find(({ key }) => key === 'image')!.statistics.max;
    };
    write(2);
    const doubled = await highest();
    write(20);
    expect(await highest()).toBeCloseTo(doubled * 10, 3);
    trusts = false;
  });
});

/** Reads a PNG of true colour without filters. */
function decodePng(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const length = view.getUint32(33);
  const rows = inflateSync(bytes.subarray(41, 41 + length));
  const rgb = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    expect(rows[row * (width * 3 + 1)]).toBe(0);
    rgb.set(rows.subarray(row * (width * 3 + 1) + 1, (row + 1) * (width * 3 + 1)), row * width * 3);
  }
  return { width, height, rgb };
}
