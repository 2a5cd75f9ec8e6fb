import { describe, expect, it } from 'vitest';
import { formatFault, unwrap } from '../../../common/fault.ts';
import type { JsonObject } from '../../../common/json.ts';
import { casesOf, dataListKeys } from '../../../common/mmar/data-list.ts';

const decathlon: JsonObject = {
  name: 'Hippocampus',
  modality: { 0: 'MRI' },
  labels: { 0: 'background', 1: 'Anterior', 2: 'Posterior' },
  numTraining: 2,
  training: [
    { image: './imagesTr/a.nii.gz', label: './labelsTr/a.nii.gz' },
    { image: './imagesTr/._a.nii.gz', label: './labelsTr/._a.nii.gz' },
    { image: ['t1.nii', './t2.nii'], label: 'l.nii', fold: 1 },
  ],
  test: ['./imagesTs/b.nii.gz', ['c0.nii', 'c1.nii']],
  empty: [],
};

describe('casesOf', () => {
  it('reads cases in all forms', () => {
    expect(
      unwrap(casesOf(decathlon, 'training', 'f')).map(({ index, image, label }) => [index, image, label]),
    ).toEqual([
      [0, ['imagesTr/a.nii.gz'], ['labelsTr/a.nii.gz']],
      [2, ['t1.nii', 't2.nii'], ['l.nii']],
    ]);
    expect(unwrap(casesOf(decathlon, 'test', 'f'))).toEqual([
      { index: 0, image: ['imagesTs/b.nii.gz'], label: [], fields: { image: './imagesTs/b.nii.gz' } },
      { index: 1, image: ['c0.nii', 'c1.nii'], label: [], fields: { image: ['c0.nii', 'c1.nii'] } },
    ]);
  });

  it('keeps class numbers and other fields', () => {
    const list = { training: [{ image: 'a.nii', label: 3, age: 51 }] };
    expect(unwrap(casesOf(list, 'training', 'f'))).toEqual([
      { index: 0, image: ['a.nii'], label: [], fields: { image: 'a.nii', label: 3, age: 51 } },
    ]);
  });

  it('refuses a list without cases', () => {
    expect(casesOf(decathlon, 'empty', 'list.json')).toMatchObject({
      faults: [{ code: 'data-list-empty', file: 'list.json', path: ['empty'] }],
    });
  });

  it('names the lists that there are', () => {
    const result = casesOf(decathlon, 'trainin', 'list.json');
    expect(result.ok ? '' : formatFault(result.faults[0]!)).toBe(
      'list.json: trainin: The data list has no list "trainin". Did you mean training? Allowed: training, test.',
    );
    expect(casesOf({}, 'training', 'f')).toMatchObject({ faults: [{ code: 'data-list' }] });
  });

  it('names every item that is no case', () => {
    const result = casesOf({ training: [{ image: 3 }, 7, { image: 'a.nii' }, ''] }, 'training', 'list.json');
    expect(result.ok ? [] : result.faults.map(({ path }) => path)).toEqual([
      ['training', 0],
      ['training', 1],
      ['training', 3],
    ]);
  });
});

describe('dataListKeys', () => {
  it('tells lists of cases from description', () => {
    expect(dataListKeys(decathlon)).toEqual(['training', 'test']);
    expect(dataListKeys({ list: [1, 2], channels: ['T1'] })).toEqual(['channels']);
  });
});
