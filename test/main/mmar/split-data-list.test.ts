import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { splitDataList, type ListSplitRequest } from '../../../main/mmar/split-data-list.ts';
import { faultsOf } from './archive/archived-mmar.ts';

const caseOf = (patient: number, scan: number): object => ({
  image: `images/sub-0${patient}_scan-${scan}.nii.gz`,
  label: `labels/sub-0${patient}_scan-${scan}.nii.gz`,
  owner: `owner ${patient}`,
});

async function writeList(list?: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'outerloop-split-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const training = [0, 1, 2, 3].flatMap((patient) => [0, 1, 2].map((scan) => caseOf(patient, scan)));
  const file = join(folder, 'list.json');
  const text = JSON.stringify(
    list ?? { name: 'x', numTraining: 12, training, test: ['images/t.nii'] },
    null,
    2,
  );
  await writeFile(file, text);
  return file;
}

const request = { validation: 0.25, test: 0, seed: 1, replace: true } as const;
type Read = Record<string, { image: string }[]>;
const split = async (list: string, more: Partial<ListSplitRequest> = {}): Promise<Read> => {
  const { file } = await splitDataList({ ...request, list, ...more });
  return JSON.parse(await readFile(file, 'utf8')) as Read;
};
const patientsOf = (cases: readonly { image: string }[]): Set<string> =>
  new Set(cases.map(({ image }) => /sub-\d+/.exec(image)![0]));

const shared = ({ training, validation }: Read): readonly string[] =>
  [...patientsOf(training!)].filter((patient) => patientsOf(validation!).has(patient));

describe('a list that is split anew', () => {
  it('keeps patients together, records how, and can be drawn again', async () => {
    const patients = { pattern: '(sub-\\d+)' };
    const first = await split(await writeList(), { patients });
    expect(first).toMatchObject({
      numTraining: 9,
      split: { seed: 1, validation: 0.25, test: 0, patients },
      test: ['images/t.nii'],
    });
    expect(first.validation).toHaveLength(3);
    expect(patientsOf(first.validation!).size).toBe(1);
    expect(shared(first)).toEqual([]);
    const list = await writeList();
    await split(list, { patients, seed: 2 });
    const by = await split(list, { patients: { field: 'owner' } });
    expect(shared(by)).toEqual([]);
  });

  it('draws from the test only for a test', async () => {
    const list = await writeList({
      training: [0, 1, 2, 3].map((scan) => caseOf(0, scan)),
      test: ['t.nii', caseOf(9, 9)],
    });
    const without = await split(list);
    expect(without.test).toHaveLength(2);
    expect(without.validation).toHaveLength(1);
    const with40 = await split(list, { test: 0.4 });
    expect(with40.test![0]).toBe('t.nii');
    expect(with40.test).toHaveLength(3);
    expect([...with40.training!, ...with40.validation!, ...with40.test!]).toHaveLength(6);
  });

  it('writes to another file, and over none without leave', async () => {
    const list = await writeList();
    const before = await readFile(list, 'utf8');
    const file = `${list}.new.json`;
    await splitDataList({ ...request, list, file, replace: false });
    expect(await readFile(list, 'utf8')).toBe(before);
    expect(await faultsOf(splitDataList({ ...request, list, replace: false }))).toMatchObject([
      { code: 'already-exists' },
    ]);
  });

  it('says what it cannot split, and leaves the file alone', async () => {
    const list = await writeList();
    const before = await readFile(list, 'utf8');
    expect(await faultsOf(split(list, { patients: { field: 'patient' } }))).toMatchObject([
      { code: 'data-list' },
    ]);
    expect(await faultsOf(split(list, { patients: { pattern: '[' } }))).toMatchObject([{ code: 'usage' }]);
    expect(await faultsOf(split(list, { validation: 1 }))).toMatchObject([{ code: 'usage' }]);
    expect(await readFile(list, 'utf8')).toBe(before);
    expect(await faultsOf(split(await writeList({ training: [] })))).toMatchObject([
      { code: 'data-list-empty' },
    ]);
    expect(await faultsOf(split(`${list}.none`))).toMatchObject([{ code: 'file-missing' }]);
  });
});
