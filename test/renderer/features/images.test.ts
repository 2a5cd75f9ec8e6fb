import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { MmarId } from '../../../common/api/ids.ts';
import type { PreviewItem } from '../../../common/api/images.ts';
import type { StepImage } from '../../../common/preview-protocol.ts';
import { caseName, imageKeysOf } from '../../../renderer/features/images/case-name.ts';
import {
  drawsOf,
  formatArguments,
  formatDraw,
  formatTiming,
} from '../../../renderer/features/images/format-step.ts';
import { ImagesModel } from '../../../renderer/features/images/images.svelte.ts';
import { makeVolume } from '../viewer/make-volume.ts';

const { dataList, files, images, fetchVoxels } = vi.hoisted(() => ({
  dataList: { survey: vi.fn(), cases: vi.fn() },
  files: { drafts: vi.fn(), read: vi.fn() },
  images: { begin: vi.fn(), open: vi.fn(), preview: vi.fn() },
  fetchVoxels: vi.fn(),
}));
vi.mock('../../../renderer/api.ts', () => ({ api: { dataList, files, images } }));
vi.mock('../../../renderer/viewer/volume/fetch-voxels.ts', () => ({ fetchVoxels }));

const mmar = 'aaaaaaaa' as MmarId;
const file = (key: string, path: string, sizeBytes: number | null = 10) => ({ key, path, sizeBytes });
const rows = [
  { index: 0, files: [file('image', 'imagesTr/gone.nii.gz', null)] },
  { index: 1, files: [file('image', 'imagesTr/case_1.nii.gz'), file('label', 'labelsTr/case_1.nii.gz')] },
  { index: 2, files: [file('image', 'imagesTr/case_2.nii.gz')] },
];
const { facts, voxels } = makeVolume();

beforeEach(() => {
  vi.resetAllMocks();
  dataList.survey.mockResolvedValue({
    sections: [{ key: 'training', cases: 3, labelled: 1, missingFiles: 1, sizeBytes: 0 }],
    labels: { '1': 'spleen' },
    faults: [],
  });
  dataList.cases.mockResolvedValue(rows);
  files.drafts.mockResolvedValue([]);
  files.read.mockResolvedValue({ text: '{"determinism": {"random_seed": 7}}' });
  images.begin.mockImplementation(async () => ({ token: 't', outline: facts }));
  images.open.mockImplementation(async () => ({ token: 't', facts }));
  fetchVoxels.mockImplementation(async () => voxels);
});

async function start(): Promise<ImagesModel> {
  const model = new ImagesModel(mmar);
  await model.start();
  await vi.waitFor(() => expect(model.isOpening).toBe(false));
  return model;
}

describe('images of an MMAR', () => {
  it('open the first case whose files are there, with its label', async () => {
    const model = await start();
    expect(model.chosen?.row.index).toBe(1);
    expect(images.open.mock.calls.map(([{ key, index, list }]) => [key, index, list])).toEqual([
      ['image', 1, 'training'],
      ['label', 1, 'training'],
    ]);
    expect(model.viewer.image?.facts).toEqual(facts);
    expect(model.viewer.overlays).toHaveLength(1);
  });

  it('are found by name', async () => {
    const model = await start();
    model.search = 'CASE 9';
    expect(model.found).toHaveLength(0);
    model.search = 'case_2 train';
    expect(model.found.map(({ row }) => row.index)).toEqual([2]);
  });

  it('that cannot be read say why, and leave no other image behind', async () => {
    const model = await start();
    const problem = new Error('cut off');
    images.open.mockRejectedValue(problem);
    await model.step(1);
    expect(model.imageProblem).toBe(problem);
    expect(model.viewer.image).toBeUndefined();
  });

  it('are shown without a label that cannot be read', async () => {
    images.open.mockImplementation(async ({ key }: { key: string }) => {
      if (key === 'label') throw new Error('damaged');
      return { token: 't', facts };
    });
    const model = await start();
    expect(model.viewer.image).toBeDefined();
    expect(model.labelProblem).toMatchObject({ message: 'damaged' });
  });

  it('are not shown late, when another case was chosen meanwhile', async () => {
    const model = await start();
    let finish: (value: unknown) => void = () => undefined;
    images.open.mockImplementationOnce(() => new Promise((resolve) => (finish = resolve)));
    const slow = model.choose(model.cases[1]!);
    await model.choose(model.cases[2]!);
    const shown = model.viewer.scene;
    finish({ token: 'late', facts });
    await slow;
    expect(model.viewer.scene).toBe(shown);
  });

  it('that cannot be listed say why', async () => {
    dataList.survey.mockRejectedValue(new Error('no list'));
    expect((await start()).problem).toMatchObject({ message: 'no list' });
  });
});

const imageAfter = (key: string, item = 0): StepImage => ({
  item,
  key,
  dataShape: [1, 4, 5, 6],
  channels: 1,
  shape: [4, 5, 6],
  spacingMm: [1, 2, 3],
  orientation: 'RAS',
  dtype: 'float32',
  statistics: facts.statistics,
  changed: true,
});
const plan = { args: {}, random: false, own: false, path: [] };
const run: PreviewItem[] = [
  { type: 'opened', preview: 'p' },
  {
    type: 'plan',
    caseSeed: 1,
    steps: [
      { name: 'LoadImaged', ...plan },
      { name: 'Crop', ...plan, random: true },
    ],
  },
  {
    type: 'step',
    step: {
      index: 0,
      seconds: 0.1,
      reused: false,
      items: 1,
      images: [imageAfter('image')],
      boxes: [],
      draws: [],
    },
  },
  {
    type: 'step',
    step: {
      index: 1,
      seconds: 0.1,
      reused: false,
      items: 2,
      images: [imageAfter('image'), imageAfter('image', 1)],
      boxes: [
        { item: 0, parent: 0, start: [0, 0, 0], size: [2, 2, 2] },
        { item: 1, parent: 0, start: [1, 1, 1], size: [2, 2, 2] },
      ],
      draws: [],
    },
  },
  { type: 'done', seconds: 0.3 },
];

describe('the pipeline', () => {
  async function open(items: readonly PreviewItem[] = run): Promise<ImagesModel> {
    images.preview.mockImplementation(async function* () {
      yield* items;
    });
    const model = await start();
    await model.showMode('pipeline');
    return model;
  }

  it('runs with the seed of the config, on what is being edited', async () => {
    const draft = { path: 'config/config_train.json', text: '{"determinism": {"random_seed": 9}, "x": 1}' };
    files.drafts.mockResolvedValue([draft]);
    const model = await open();
    expect(images.preview.mock.calls[0]![0]).toMatchObject({
      configText: draft.text,
      seed: 9,
      epoch: 1,
      section: 'train',
      listKey: 'training',
      index: 1,
    });
    expect(model.pipeline.isUnsaved).toBe(true);
    await model.pipeline.again({ epoch: 2, seed: 4 });
    expect(images.preview.mock.calls[1]![0]).toMatchObject({ epoch: 2, seed: 4 });
  });

  it('shows where patches were cut, then each patch', async () => {
    const model = await open();
    await model.pipeline.showStep(1);
    expect(model.pipeline.side).toBe('before');
    expect(images.open.mock.lastCall![0]).toMatchObject({ from: 'preview', preview: 'p', step: 0, item: 0 });
    expect(model.viewer.scene?.boxes?.map(({ title, isChosen }) => [title, isChosen])).toEqual([
      ['Patch 1', true],
      ['Patch 2', false],
    ]);
    await model.pipeline.showItem(1);
    expect(model.viewer.voxel).toEqual([2, 2, 2]);
    expect(model.viewer.scene?.boxes?.map(({ isChosen }) => isChosen)).toEqual([false, true]);
    await model.pipeline.showSide('after');
    expect(images.open.mock.lastCall![0]).toMatchObject({ step: 1, item: 1 });
    expect(model.viewer.scene?.boxes).toEqual([]);
    await model.pipeline.showSide('swipe');
    expect(model.viewer.scene?.compare).toBeDefined();
  });

  it('keeps what was done before a step that failed', async () => {
    const faults = [{ code: 'patch-too-large' as const, message: 'too large' }];
    const model = await open([...run.slice(0, 3), { type: 'failed', index: 1, faults }]);
    expect(model.pipeline.rows.map(({ result, faults: own }) => [result !== undefined, own.length])).toEqual([
      [true, 0],
      [false, 1],
    ]);
    expect(model.pipeline.isRunning).toBe(false);
  });

  it('says what is wrong with the config, and when the process died', async () => {
    const faults = [{ code: 'json-syntax' as const, message: 'no JSON' }];
    expect((await open([run[0]!, { type: 'failed', index: null, faults }])).pipeline.faults).toEqual(faults);
    images.preview.mockImplementation(async function* () {
      yield run[0];
      throw new Error('ended unexpectedly');
    });
    const model = await start();
    await model.showMode('pipeline');
    expect(model.pipeline.problem).toMatchObject({ message: 'ended unexpectedly' });
  });
});

describe('names and texts', () => {
  it('of cases are those of their images', () => {
    expect(rows.map(caseName)).toEqual(['gone', 'case_1', 'case_2']);
    expect(caseName({ index: 4, files: [file('image', 'scans/patient7/')] })).toBe('patient7');
    expect(caseName({ index: 4, files: [] })).toBe('Case 5');
    expect(
      imageKeysOf({ index: 0, files: [file('other', 'x'), file('label', 'y'), file('image', 'z')] }),
    ).toEqual(['image', 'label', 'other']);
  });

  it('of steps are short', () => {
    expect([0.0004, 0.0125, 2.34, 75].map(formatTiming)).toEqual(['< 1 ms', '13 ms', '2.3 s', '1 min 15 s']);
    expect(formatArguments({ keys: 'image', pixdim: [1, 1, 2] })).toEqual([
      { name: 'keys', value: 'image' },
      { name: 'pixdim', value: '[1, 1, 2]' },
    ]);
  });
});

describe('what a step has drawn', () => {
  const step = { index: 0, seconds: 0, reused: false, images: [], boxes: [] };
  const draw = (item: number, name: string, value: boolean | number | number[]) => ({ item, name, value });

  it('is that of the item, or of the patch where it cuts some', () => {
    const draws = [draw(0, 'applied', true), draw(0, 'offset', 0.1), draw(1, 'applied', false)];
    expect(drawsOf({ ...step, items: 2, draws }, 1)).toEqual([draws[2]]);
    const box = {
      parent: 0,
      start: [0, 0, 0] as [number, number, number],
      size: [2, 2, 2] as [number, number, number],
    };
    const centres = [draw(0, 'centre', [1, 2, 3]), draw(0, 'centre', [4, 5, 6])];
    const boxes = [0, 1].map((item) => ({ ...box, item }));
    expect(drawsOf({ ...step, items: 2, boxes, draws: centres }, 1)).toEqual([centres[1]]);
  });

  it('is written for people', () => {
    expect([true, false, 0.031234567, [12, 40, 7], 'x'].map(formatDraw)).toEqual([
      'yes',
      'no',
      '0.03123',
      '12, 40, 7',
      'x',
    ]);
  });
});
