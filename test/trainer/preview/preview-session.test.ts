import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../../common/fault.ts';
import { transformPoint } from '../../../common/imaging/affine.ts';
import { viewVoxelArray } from '../../../common/imaging/voxel-array.ts';
import type { Json } from '../../../common/json.ts';
import { parseJsonObject } from '../../../common/mmar/parse-json.ts';
import { resolveTrainConfig } from '../../../common/mmar/resolve-train-config.ts';
import type {
  PreviewEvent,
  PreviewRequest,
  PreviewStep,
  StepImageRef,
} from '../../../common/preview-protocol.ts';
import { buildDataParts } from '../../../trainer/build/build-data.ts';
import { Slots } from '../../../trainer/build/slots.ts';
import type { Item } from '../../../trainer/data/item.ts';
import type { Tensor } from '../../../trainer/data/tensor.ts';
import { MmarFiles } from '../../../trainer/files/mmar-files.ts';
import { PreviewSession } from '../../../trainer/preview/preview-session.ts';
import { findMeta } from '../../../trainer/transforms/item-access.ts';
import { UserClasses } from '../../../trainer/user-code/user-classes.ts';
import { makeScratchFolder } from '../data/scratch-folder.ts';
import { makePhantomMmar, type Mutable } from '../program/phantom-mmar.ts';

const scratch = makeScratchFolder();
const both = { keys: ['image', 'label'] };
const load: Mutable[] = [
  { name: 'LoadImaged', args: both },
  { name: 'EnsureChannelFirstd', args: both },
];
const crop: Mutable = {
  name: 'RandCropByPosNegLabeld',
  args: { ...both, label_key: 'label', spatial_size: [6, 5, 4], num_samples: 3 },
};
const randomChain: Mutable[] = [
  ...load,
  { name: 'Spacingd', args: { ...both, pixdim: [0.9, 1.1, 1], mode: ['bilinear', 'nearest'] } },
  crop,
  { name: 'RandShiftIntensityd', args: { keys: 'image', offsets: 0.2, prob: 0.9 } },
  { name: 'RandGaussianNoised', args: { keys: 'image', prob: 0.9 } },
  { name: 'RandFlipd', args: { ...both, prob: 0.5, spatial_axis: 0 } },
  { name: 'ToTensord', args: both },
];

const mmar = makePhantomMmar();
afterAll(() => mmar.remove());
const files = new MmarFiles(mmar.root);
const config = parseJsonObject(files.readText('config/config_train.json'), 'config_train.json');

/** The phantom's config with other transforms. */
function configWith(transforms: readonly Json[]): string {
  const json = unwrap(config) as { train: Mutable };
  return JSON.stringify({ ...json, train: { ...json.train, pre_transforms: transforms } });
}

const requestOf = (transforms: readonly Json[], more: Partial<PreviewRequest> = {}): PreviewRequest => ({
  configFile: 'config/config_train.json',
  configText: configWith(transforms),
  section: 'train',
  listKey: 'training',
  index: 1,
  seed: 5,
  epoch: 2,
  trusted: false,
  ...more,
});

async function run(session: PreviewSession, request: PreviewRequest): Promise<PreviewEvent[]> {
  const events: PreviewEvent[] = [];
  for await (const event of session.run(request, new AbortController().signal)) events.push(event);
  return events;
}

const stepsOf = (events: readonly PreviewEvent[]): PreviewStep[] =>
  events.flatMap((event) => (event.type === 'step' ? [event.step] : []));

let written = 0;
function readImage(session: PreviewSession, ref: Omit<StepImageRef, 'channel'>) {
  const file = join(scratch, `image-${written++}`);
  const facts = session.write({ channel: 0, ...ref }, file);
  const bytes = readFileSync(file);
  return { facts, voxels: viewVoxelArray(facts.voxelType, new Uint8Array(bytes).buffer), file };
}

/** The tensor as the window gets it, for an affine whose axes point right, anterior and superior: x fastest. */
function xFastest({ shape: [, nx, ny, nz], data }: Tensor): number[] {
  const values: number[] = [];
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) values.push(data[(x * ny + y) * nz + z]);
  return values;
}

async function trainingItems(transforms: readonly Json[], epoch: number, fileName: string): Promise<Item[]> {
  const resolved = unwrap(
    resolveTrainConfig({
      config: configWith(transforms),
      file: 'config_train.json',
      environment: unwrap(parseJsonObject(files.readText('config/environment.json'), 'environment.json')),
      mmarRoot: mmar.root,
      joinPath: (_root, path) => files.resolve(path),
    }),
  );
  const slots = new Slots({ file: 'config_train.json', sections: resolved, json: resolved.json });
  const options = { mmarRoot: files.root, trusted: false, configFile: 'config_train.json' };
  const userClasses = await UserClasses.load([], options);
  const { loaderOf } = await buildDataParts({ slots, files, seed: 5, userClasses });
  await using loader = loaderOf({ section: 'train', nodes: [] });
  const items: Item[] = [];
  for await (const batch of loader.iterate(epoch)) items.push(...batch.items);
  return items.filter((item) => findMeta(item, 'image_meta_dict')!.fileName.endsWith(fileName));
}

describe('a preview', () => {
  it.each([1, 2, 3])('ends with what a training gets in epoch %d, bit for bit', async (epoch) => {
    const session = new PreviewSession(files);
    const steps = stepsOf(await run(session, requestOf(randomChain, { epoch })));
    expect(steps).toHaveLength(randomChain.length);
    const trained = await trainingItems(randomChain, epoch, 'case_1.nii');
    expect(trained).toHaveLength(3);
    trained.forEach((item, number) => {
      for (const key of ['image', 'label']) {
        const { voxels } = readImage(session, { step: steps.length - 1, item: number, key });
        expect(Array.from(voxels), `${key} ${number}`).toEqual(xFastest(item[key] as Tensor));
      }
    });
  });

  it('draws again with another seed, and the same with the same', async () => {
    const session = new PreviewSession(files);
    const last = randomChain.length - 1;
    const voxelsFor = async (more: Partial<PreviewRequest>) => {
      await run(session, requestOf(randomChain, more));
      return Array.from(readImage(session, { step: last, item: 0, key: 'image' }).voxels);
    };
    const first = await voxelsFor({ seed: 1 });
    expect(await voxelsFor({ seed: 2 })).not.toEqual(first);
    expect(await voxelsFor({ seed: 1 })).toEqual(first);
  });

  it('runs again only what an edit touches', async () => {
    const session = new PreviewSession(files);
    await run(session, requestOf(randomChain));
    const again = stepsOf(await run(session, requestOf(randomChain)));
    expect(again.every(({ reused }) => reused)).toBe(true);
    const reseeded = stepsOf(await run(session, requestOf(randomChain, { seed: 9 })));
    expect(reseeded.map(({ reused }) => !reused)).toEqual([
      ...[false, false, false],
      ...[true, true, true, true, true],
    ]);
    const edited = randomChain.with(5, {
      name: 'RandGaussianNoised',
      args: { keys: 'image', prob: 1, std: 2 },
    });
    const afterEdit = stepsOf(await run(session, requestOf(edited, { seed: 9 })));
    expect(afterEdit.findIndex(({ reused }) => !reused)).toBe(5);
  });

  it('shows the same after it had to let steps go', async () => {
    const [generous, sparing] = [new PreviewSession(files), new PreviewSession(files, 1)];
    for (const session of [generous, sparing]) await run(session, requestOf(randomChain));
    for (const step of [0, 2, 3, 5, 7]) {
      const [kept, rebuilt] = [generous, sparing].map((session) =>
        readImage(session, { step, item: 0, key: 'image' }),
      );
      expect(Array.from(rebuilt.voxels)).toEqual(Array.from(kept.voxels));
    }
  });
});

describe('what a preview tells of each step', () => {
  it('is shape, spacing, values, and what changed', async () => {
    const session = new PreviewSession(files);
    const events = await run(session, requestOf(randomChain));
    expect(events[0]).toMatchObject({
      type: 'plan',
      steps: [
        { name: 'LoadImaged', random: false, own: false, path: ['train', 'pre_transforms', 0] },
        {},
        { args: { pixdim: [0.9, 1.1, 1] } },
        { random: true },
        ...[{}, {}, {}, {}],
      ],
    });
    const [, , spacing, cropped, shifted] = stepsOf(events);
    expect(
      spacing.images.map(({ key, shape, spacingMm, changed }) => ({ key, shape, spacingMm, changed })),
    ).toEqual([
      { key: 'image', shape: [13, 9, 8], spacingMm: [0.9, 1.1, 1].map(Math.fround), changed: true },
      { key: 'label', shape: [13, 9, 8], spacingMm: [0.9, 1.1, 1].map(Math.fround), changed: true },
    ]);
    expect(spacing.images[1].statistics.present).toEqual([0, 1]);
    expect(cropped).toMatchObject({
      items: 3,
      images: Array.from({ length: 6 }, () => ({ shape: [6, 5, 4] })),
    });
    expect(shifted.images.filter(({ key, changed }) => key === 'label' && changed)).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: 'done' });
  });

  it('draws patches where they were cut, also in an image that is turned to be shown', async () => {
    for (const axcodes of ['RAS', 'LPI']) {
      const session = new PreviewSession(files);
      const chain = [...load, { name: 'Orientationd', args: { ...both, axcodes } }, crop];
      const [, , , step] = stepsOf(await run(session, requestOf(chain)));
      const whole = readImage(session, { step: 2, item: 0, key: 'image' });
      expect(step.boxes).toHaveLength(3);
      for (const { item, start, size } of step.boxes) {
        const patch = readImage(session, { step: 3, item, key: 'image' });
        expect(patch.facts.shape).toEqual(size);
        const [nx, ny] = whole.facts.shape;
        const cutOut: number[] = [];
        for (let z = 0; z < size[2]; z++)
          for (let y = 0; y < size[1]; y++)
            for (let x = 0; x < size[0]; x++) {
              cutOut.push(whole.voxels[start[0] + x + nx * (start[1] + y + ny * (start[2] + z))]);
            }
        expect(Array.from(patch.voxels)).toEqual(cutOut);
        // Its place in the world is that of the box: a crosshair stays on the same spot.
        expect(transformPoint(patch.facts.affine, [0, 0, 0])).toEqual(
          transformPoint(whole.facts.affine, start),
        );
      }
    }
  });

  it('is what the trainer has drawn: the numbers that explain the image', async () => {
    const always: Mutable[] = [
      { name: 'RandShiftIntensityd', args: { keys: 'image', offsets: 0.2, prob: 1 } },
      { name: 'RandFlipd', args: { ...both, prob: 0, spatial_axis: 0 } },
      { name: 'RandRotate90d', args: { ...both, prob: 1, max_k: 3, spatial_axes: [0, 1] } },
    ];
    const session = new PreviewSession(files);
    const request = requestOf([...load, crop, ...always]);
    const steps = stepsOf(await run(session, request));
    expect(steps.slice(0, 2).map(({ draws }) => draws)).toEqual([[], []]);
    const [, , cropped, shifted, flipped, turned] = steps;
    expect(cropped!.draws.map(({ item, name }) => `${item} ${name.slice(0, 6)}`)).toEqual(
      new Array<string>(3).fill('0 centre'),
    );
    // The patch is where its centre says.
    cropped!.boxes.forEach(({ item }) => {
      const centre = cropped!.draws[item]!.value as readonly number[];
      expect(centre).toHaveLength(3);
    });
    const offsets = shifted!.draws.filter(({ name }) => name === 'offset');
    expect(offsets.map(({ item }) => item)).toEqual([0, 1, 2]);
    for (const { item, value } of offsets) {
      const meanOf = ({ images }: PreviewStep): number =>
        images.find((image) => image.key === 'image' && image.item === item)!.statistics.mean;
      expect(meanOf(shifted!) - meanOf(cropped!)).toBeCloseTo(value as number, 4);
    }
    expect(flipped!.draws).toEqual([0, 1, 2].map((item) => ({ item, name: 'applied', value: false })));
    expect(flipped!.images.every(({ changed }) => !changed)).toBe(true);
    expect(turned!.draws.filter(({ name }) => name === 'applied').every(({ value }) => value === true)).toBe(
      true,
    );
    // A step that is not run again still says what it drew.
    const again = stepsOf(await run(session, request));
    expect(again.map(({ draws }) => draws)).toEqual(steps.map(({ draws }) => draws));
    expect(again.every(({ reused }) => reused)).toBe(true);
    const other = stepsOf(await run(session, { ...request, seed: 6 }));
    expect(other[3]!.draws).not.toEqual(shifted!.draws);
  });

  it('keeps an image in its place when it is stretched', async () => {
    const session = new PreviewSession(files);
    await run(
      session,
      requestOf([
        ...load,
        { name: 'Resized', args: { ...both, spatial_size: [24, 10, 4], mode: ['area', 'nearest'] } },
      ]),
    );
    const { facts } = readImage(session, { step: 2, item: 0, key: 'image' });
    expect(facts.spacingMm).toEqual([0.5, 1, 2]);
    expect(transformPoint(facts.affine, [-0.5, -0.5, -0.5])).toEqual([-0.5, -0.5, -0.5]);
  });

  it('shows images before they have a channel axis', async () => {
    const session = new PreviewSession(files);
    const [loaded] = stepsOf(await run(session, requestOf(load.slice(0, 1))));
    expect(loaded.images[0]).toMatchObject({ dataShape: [12, 10, 8], channels: 1, shape: [12, 10, 8] });
  });
});

describe('what goes wrong', () => {
  const failure = async (request: PreviewRequest) => {
    const events = await run(new PreviewSession(files), request);
    return { steps: stepsOf(events).length, end: events.at(-1) };
  };

  it('is said at the step: one that cannot be built, and one that fails', async () => {
    const unknown = await failure(requestOf([...load, { name: 'Blurd', args: both }]));
    expect(unknown).toMatchObject({
      steps: 2,
      end: {
        type: 'failed',
        index: 2,
        faults: [{ code: 'unknown-component', path: ['train', 'pre_transforms', 2] }],
      },
    });
    const wrong = await failure(requestOf([...load, { name: 'Spacingd', args: { ...both, pixdims: 1 } }]));
    expect(wrong.end).toMatchObject({ type: 'failed', index: 2 });
    const tooLarge: Mutable = {
      name: 'RandCropByPosNegLabeld',
      args: { ...both, label_key: 'label', spatial_size: [64, 64, 64] },
    };
    const failing = await failure(requestOf([...load, tooLarge]));
    expect(failing).toMatchObject({
      steps: 2,
      end: { type: 'failed', index: 2, faults: [{ code: 'patch-too-large' }] },
    });
    expect(JSON.stringify(failing.end)).not.toContain(mmar.root);
  });

  it('is said without a step: no JSON, no case, no such list, no data set', async () => {
    const end = async (request: PreviewRequest) => (await failure(request)).end;
    expect(await end(requestOf(load, { configText: '{' }))).toMatchObject({
      type: 'failed',
      index: null,
      faults: [{ code: 'json-syntax' }],
    });
    expect(await end(requestOf(load, { index: 99 }))).toMatchObject({
      index: null,
      faults: [{ code: 'data-list', allowed: '0 to 2' }],
    });
    expect(await end(requestOf(load, { listKey: 'trainin' }))).toMatchObject({
      faults: [{ code: 'data-list' }],
    });
    const configText = JSON.stringify({ ...unwrap(config), validate: {} });
    expect(await end(requestOf(load, { configText, section: 'validate' }))).toMatchObject({
      faults: [{ code: 'schema' }],
    });
  });

  it('is not what is wrong elsewhere in a config that is being edited', async () => {
    const json = unwrap(config) as { train: Mutable };
    const configText = JSON.stringify({
      ...json,
      train: {
        ...json.train,
        pre_transforms: load,
        loss: { name: 'DiceLoss', args: { reduction: '@nothing' } },
      },
    });
    expect((await failure(requestOf(load, { configText }))).end).toMatchObject({ type: 'done' });
  });

  it('runs no code of the user without trust, and shows what stands before it', async () => {
    mmar.write(
      'custom/mine.js',
      'export class Twice { apply(item) { return { ...item, image: { ...item.image, data: item.image.data.map((v) => v * 2) } }; } }',
    );
    const own = [...load, { name: 'Twice', path: 'mine.Twice', args: {} }];
    expect(await failure(requestOf(own))).toMatchObject({
      steps: 2,
      end: { index: 2, faults: [{ code: 'not-trusted' }] },
    });
    expect(await failure(requestOf(own, { trusted: true }))).toMatchObject({
      steps: 3,
      end: { type: 'done' },
    });
  });

  it('writes no files for SaveImaged', async () => {
    const chain = [...load, { name: 'SaveImaged', args: { keys: 'image', output_dir: 'saved' } }];
    const session = new PreviewSession(files);
    const steps = stepsOf(await run(session, requestOf(chain)));
    expect(steps[2].skipped).toMatch(/writes files/);
    expect(files.exists('saved')).toBe(false);
  });

  it('is a fault for images that are not there', async () => {
    const session = new PreviewSession(files);
    await run(session, requestOf(load));
    const write =
      (ref: StepImageRef, file = join(scratch, 'x')) =>
      () =>
        session.write(ref, file);
    const image = { step: 1, item: 0, key: 'image', channel: 0 };
    expect(write({ ...image, step: 7 })).toThrow(/There is no image/);
    expect(write({ ...image, key: 'mask' })).toThrow(/no image "mask"/);
    expect(write({ ...image, channel: 4 })).toThrow(/no channel 4/);
    expect(write(image, join(scratch, 'no', 'folder'))).toThrow(/preview/);
    const { file } = readImage(session, image);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0);
  });
});
