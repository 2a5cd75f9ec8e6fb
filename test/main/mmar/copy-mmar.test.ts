import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { copyMmar } from '../../../main/mmar/copy-mmar.ts';
import { faultsOf, makeArchivedMmar, removeArchived } from './archive/archived-mmar.ts';

afterEach(removeArchived);

const environmentOf = (root: string): unknown =>
  JSON.parse(readFileSync(join(root, 'config/environment.json'), 'utf8'));

describe('a copy of an MMAR', () => {
  it('has its own files and leads to the same data from where it stands', async () => {
    const { root, folder } = makeArchivedMmar({
      'config/environment.json': JSON.stringify({
        DATA_ROOT: '../data',
        DATASET_JSON: '/data/list.json',
        MMAR_CKPT: 'models/a.pt',
      }),
      'models/model.pt': 'x',
      'automl/first/journal.jsonl': 'x',
    });
    const to = join(folder, 'copies/deep/one');
    expect(await copyMmar({ from: root, to })).toBe(4);
    expect(environmentOf(to)).toEqual({
      DATA_ROOT: '../../../data',
      DATASET_JSON: '/data/list.json',
      MMAR_CKPT: 'models/a.pt',
    });
    expect(existsSync(join(to, 'models/model.pt'))).toBe(true);
    expect(existsSync(join(to, 'automl'))).toBe(false);
  });

  it('may have the runs, and do without models', async () => {
    const { root, folder } = makeArchivedMmar({ 'models/model.pt': 'x', 'automl/first/journal.jsonl': 'x' });
    await copyMmar({ from: root, to: join(folder, 'two'), withRuns: true, withModels: false });
    expect(readdirSync(join(folder, 'two')).toSorted()).toEqual(['automl', 'commands', 'config']);
  });

  it('with data inside leads to the data of the original', async () => {
    const { root, folder } = makeArchivedMmar({ 'data/a.nii.gz': 'x' });
    await copyMmar({ from: root, to: join(folder, 'two') });
    expect(environmentOf(join(folder, 'two'))).toMatchObject({ DATA_ROOT: '../mmar/data' });
    expect(existsSync(join(folder, 'two/data'))).toBe(false);
  });

  it('is refused where something stands, and for what is not there', async () => {
    const { root, folder } = makeArchivedMmar();
    expect(await faultsOf(copyMmar({ from: root, to: root }))).toMatchObject([{ code: 'already-exists' }]);
    mkdirSync(join(folder, 'empty'));
    await copyMmar({ from: root, to: join(folder, 'empty') });
    expect(await faultsOf(copyMmar({ from: join(folder, 'gone'), to: join(folder, 'x') }))).toMatchObject([
      { code: 'file-missing', file: 'gone' },
    ]);
    expect(readdirSync(folder).toSorted()).toEqual(['empty', 'mmar']);
  });
});
