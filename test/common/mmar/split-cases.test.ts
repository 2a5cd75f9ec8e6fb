import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPatients } from '../../../common/mmar/patient-rule.ts';
import { splitCases } from '../../../common/mmar/split-cases.ts';

const cases = Array.from({ length: 40 }, (_, index) => `p${Math.floor(index / 4)}_scan${index % 4}`);
const patientOf = (name: string): string => name.split('_')[0]!;

describe('a split by patients', () => {
  it('keeps the cases of one together and meets the shares', () => {
    const split = splitCases(cases, { validation: 0.2, test: 0.1 }, 3, patientOf);
    expect(split.validation).toHaveLength(8);
    expect(split.test).toHaveLength(4);
    expect(split.training).toHaveLength(28);
    const patients = [split.training, split.validation, split.test].flatMap((part) => [
      ...new Set(part.map(patientOf)),
    ]);
    expect(patients.toSorted()).toEqual([...new Set(cases.map(patientOf))].toSorted());
  });

  it('is the split by cases where each patient has one', () => {
    const names = cases.map((_, index) => `c${index}`);
    const shares = { validation: 0.25, test: 0.1 };
    expect(splitCases(names, shares, 5, (name) => name)).toEqual(splitCases(names, shares, 5));
  });

  it('never divides a patient, loses a case, or leaves nothing to train on', () => {
    const patients = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 30 });
    const share = fc.double({ min: 0, max: 0.45, noNaN: true });
    fc.assert(
      fc.property(patients, share, share, fc.nat(), (owners, validation, test, seed) => {
        const all = owners.map((owner, index) => `p${owner}_${index}`);
        const split = splitCases(all, { validation, test }, seed, patientOf);
        const parts = [split.training, split.validation, split.test];
        expect(parts.flat().toSorted()).toEqual(all.toSorted());
        const places = new Map<string, number>();
        parts.forEach((part, place) => {
          for (const name of part) {
            expect(places.get(patientOf(name)) ?? place).toBe(place);
            places.set(patientOf(name), place);
          }
        });
        expect(split.training.length).toBeGreaterThan(0);
      }),
    );
  });

  it('takes the smallest patient when all are larger than the share', () => {
    const names = ['a_1', 'a_2', 'a_3', 'b_1', 'b_2', 'c_1', 'c_2', 'c_3', 'c_4'];
    const split = splitCases(names, { validation: 0.05, test: 0 }, 1, patientOf);
    expect(split.validation).toEqual(['b_1', 'b_2']);
  });
});

describe('the patients of cases', () => {
  const item = (path: string, fields = {}): { image: string[]; fields: object & Record<string, never> } => ({
    image: [path],
    fields,
  });

  it('are found in the path by the first group, or by all that matches', () => {
    const items = [item('s/sub-01_ses-1.nii'), item('s/sub-01_ses-2.nii'), item('s/sub-12.nii')];
    expect(findPatients(items, { pattern: 'sub-(\\d+)' })).toMatchObject({ value: ['01', '01', '12'] });
    expect(findPatients(items, { pattern: 'sub-\\d+' })).toMatchObject({
      value: ['sub-01', 'sub-01', 'sub-12'],
    });
  });

  it('are read from a field', () => {
    const items = [item('a', { id: 7 }), item('b', { id: 'x' })];
    expect(findPatients(items, { field: 'id' })).toMatchObject({ value: ['7', 'x'] });
  });

  it('are not guessed', () => {
    const items = [item('sub-1.nii'), item('other.nii')];
    const found = findPatients(items, { pattern: 'sub-\\d' });
    expect(found).toMatchObject({ ok: false, faults: [{ code: 'data-list', argument: 'patients' }] });
    expect(found.ok ? '' : found.faults[0]!.message).toContain('1 of 2 cases');
    expect(findPatients(items, { field: 'patient' })).toMatchObject({ ok: false });
    expect(findPatients(items, { pattern: '(' })).toMatchObject({ ok: false, faults: [{ code: 'usage' }] });
  });
});
