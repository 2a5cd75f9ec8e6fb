import { afterEach, describe, expect, it } from 'vitest';
import { listContent } from '../../../../main/mmar/archive/list-content.ts';
import { makeArchivedMmar, removeArchived } from './archived-mmar.ts';

afterEach(removeArchived);

const LIST = JSON.stringify({
  training: [
    { image: 'scans/a.nii.gz', label: './scans/a_seg.nii.gz', mask: 'other/m.nii.gz', site: 'docs' },
  ],
  validation: [{ image: ['scans/series', 'c.nii'], label: 1 }],
  test: ['config', 'scans/t.nii.gz'],
});
const FILES = {
  'docs/readme.md': 'text',
  'docs/drawing.png': 'a picture of the network',
};
const names = ['scans/a.nii.gz', 'scans/a_seg.nii.gz', 'other/m.nii.gz', 'scans/series/1.dcm', 'c.nii'];

function make(environment: object, below: string) {
  const data = Object.fromEntries([...names, 'scans/t.nii.gz'].map((name) => [below + name, 'voxels']));
  const list = `${below}dataset.json`;
  return makeArchivedMmar({
    ...FILES,
    ...data,
    [list]: LIST,
    'config/environment.json': JSON.stringify({ ...environment, DATASET_JSON: list }),
  }).root;
}

describe('what an MMAR is made of', () => {
  it('holds of its runs no segmentations of cases', async () => {
    const job = 'automl/run1/W1_1_J1';
    const { root } = makeArchivedMmar({
      [`${job}/config/config_train.json`]: '{}',
      [`${job}/eval/validation_cases/a_seg.nii.gz`]: 'voxels',
      'custom/eval/own.ts': 'export class Own {}',
    });
    const { files: found } = await listContent(root, { withRuns: true });
    expect(found.map(({ path }) => path)).toEqual([
      `${job}/config/config_train.json`,
      'commands/train.sh',
      'config/config_train.json',
      'config/environment.json',
      'custom/eval/own.ts',
    ]);
  });

  it('holds no images that nobody has asked for, by their names or by what they are', async () => {
    const { root } = makeArchivedMmar({
      'resources/atlas.nii.gz': 'voxels',
      'more/case.NRRD': 'voxels',
      'automl/r/W1_1_J1/config/mean.mha': 'voxels',
      'more/1.2.840.1': `${'\0'.repeat(128)}DICM`,
      'more/LICENSE': 'text',
    });
    const taken = async (images?: 'own-folders' | 'all') => {
      const choice = { withRuns: true, ...(images === undefined ? {} : { images }) };
      const { files, imagesLeft } = await listContent(root, choice);
      const names = files.map(({ path }) => path).filter((path) => !/^(config|commands)/.test(path));
      return { names, imagesLeft };
    };
    const own = ['automl/r/W1_1_J1/config/mean.mha', 'resources/atlas.nii.gz'];
    const loose = ['more/1.2.840.1', 'more/case.NRRD'];
    expect(await taken()).toEqual({ names: ['more/LICENSE'], imagesLeft: [own[0], ...loose, own[1]] });
    expect(await taken('own-folders')).toEqual({
      names: [own[0], 'more/LICENSE', own[1]],
      imagesLeft: loose,
    });
    expect(await taken('all')).toEqual({
      names: [own[0], ...loose.slice(0, 1), 'more/LICENSE', ...loose.slice(1), own[1]].toSorted(),
      imagesLeft: [],
    });
  });

  it.each([
    ['its own folder', { DATA_ROOT: '.' }, ''],
    ['a folder above it', { DATA_ROOT: '../mmar' }, ''],
    ['the folder of the list', {}, 'data/'],
    ['the folder of the list, as DATA_ROOT is empty', { DATA_ROOT: '' }, 'data/'],
  ])('holds no data that the list finds in %s', async (_where, environment, below) => {
    const { files: found } = await listContent(make(environment, below));
    expect(found.map(({ path }) => path)).toEqual([
      'commands/train.sh',
      'config/config_train.json',
      'config/environment.json',
      'docs/drawing.png',
      'docs/readme.md',
    ]);
  });
});
