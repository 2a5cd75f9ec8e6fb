import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FaultError, type Fault } from '../../../common/fault.ts';
import type { Json } from '../../../common/json.ts';
import { loadDataList, type CaseList, type DataListSource } from '../../../trainer/data/load-data-list.ts';
import { makeScratchFolder } from './scratch-folder.ts';

const folder = makeScratchFolder();
mkdirSync(join(folder, 'data'));
writeFileSync(join(folder, 'data', 'there.nii'), '');
let lists = 0;

function load(content: Json | string, source: Partial<DataListSource> = {}): CaseList {
  const file = join(folder, `list${lists++}.json`);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return loadDataList({ file, key: 'training', baseDir: join(folder, 'data'), ...source });
}

function faultOf(run: () => unknown): Fault {
  try {
    run();
  } catch (error) {
    if (error instanceof FaultError) return error.faults[0];
    throw error;
  }
  throw new Error('nothing was thrown');
}

const at = (name: string): string => join(folder, 'data', name);

describe('paths', () => {
  test('images and labels count from the data root, lists of files too', () => {
    const { items, dataRoot } = load({
      training: [
        { image: './imagesTr/a.nii.gz', label: 'labelsTr/a.nii.gz' },
        { image: ['a0.nii', 'a1.nii'], label: '/elsewhere/a.nii' },
      ],
    });
    expect(dataRoot).toBe(join(folder, 'data'));
    expect(items).toEqual([
      { image: at('imagesTr/a.nii.gz'), label: at('labelsTr/a.nii.gz') },
      { image: [at('a0.nii'), at('a1.nii')], label: '/elsewhere/a.nii' },
    ]);
  });

  test('by default they count from the folder of the list', () => {
    const file = join(folder, 'beside.json');
    writeFileSync(file, JSON.stringify({ training: [{ image: 'a.nii' }] }));
    expect(loadDataList({ file, key: 'training' }).items).toEqual([{ image: join(folder, 'a.nii') }]);
  });

  test('under other keys only files that exist are paths', () => {
    const { items } = load({
      training: [{ image: 'a.nii', mask: 'there.nii', name: 'case 1', fold: 2, ids: [1, 2] }],
    });
    expect(items).toEqual([
      { image: at('a.nii'), mask: at('there.nii'), name: 'case 1', fold: 2, ids: [1, 2] },
    ]);
  });

  test('a label that is a class stays one', () => {
    expect(load({ training: [{ image: 'a.nii', label: 3 }] }).items[0].label).toBe(3);
    const source = { isSegmentation: false };
    expect(load({ training: [{ image: 'a.nii', label: 'tumour' }] }, source).items[0].label).toBe('tumour');
  });

  test('a list of plain paths is a list of images', () => {
    const { items } = load({ test: ['a.nii', ['b0.nii', 'b1.nii']] }, { key: 'test' });
    expect(items).toEqual([{ image: at('a.nii') }, { image: [at('b0.nii'), at('b1.nii')] }]);
  });
});

describe('lists that are refused', () => {
  test.each([
    ['a missing key', { validation: [{ image: 'a.nii' }] }, 'data-list'],
    ['no cases', { training: [] }, 'data-list-empty'],
    ['no list', { training: { image: 'a.nii' } }, 'data-list'],
    ['an item that is no case', { training: [{ image: 'a.nii' }, 7] }, 'data-list'],
    ['broken JSON', '{"training": [', 'json-syntax'],
    ['a list as the document', [{ image: 'a.nii' }], 'schema'],
  ])('%s', (_, content, code) => {
    const fault = faultOf(() => load(content as Json));
    expect(fault.code).toBe(code);
    expect(fault.file).toMatch(/^list\d+\.json$/);
  });

  test('the key that is missing is named, and those that there are', () => {
    const fault = faultOf(() => load({ validation: [{ image: 'a.nii' }] }));
    expect(fault.message).toContain('"training"');
    expect(fault.allowed).toBe('validation');
  });

  test('a file that is not there, without its absolute path', () => {
    const fault = faultOf(() => loadDataList({ file: join(folder, 'none.json'), key: 'training' }));
    expect(fault).toMatchObject({ code: 'file-missing', file: 'none.json' });
  });

  test('a folder', () => {
    const fault = faultOf(() => loadDataList({ file: join(folder, 'data'), key: 'training' }));
    expect(fault).toMatchObject({ code: 'file-unreadable', file: 'data' });
  });
});
