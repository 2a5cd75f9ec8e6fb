import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findNewCases } from '../../../main/mmar-files/find-new-cases.ts';
import { inspectFiles } from '../../../main/mmar-files/inspect-files.ts';
import { readPathPattern } from '../../../main/mmar-files/path-pattern.ts';
import { volume } from '../mmar/check/tiny-mmar.ts';
import { faultsOf } from '../mmar/archive/archived-mmar.ts';
import { scratchMmar } from './scratch-mmar.ts';

const SERIES = join(import.meta.dirname, '../../fixtures/monai/formats/series');

async function makeFiles(...paths: string[]): Promise<string> {
  const root = await scratchMmar();
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(
      join(root, path),
      volume([4, 3, 2], () => 1),
    );
  }
  return root;
}

async function copySeries(root: string, ...folders: readonly string[]): Promise<void> {
  for (const folder of folders) await cp(SERIES, join(root, folder), { recursive: true });
}

describe('cases to add', () => {
  it('are paired from folders, and what has no partner is told', async () => {
    const root = await makeFiles('d/images/a.nii', 'd/images/b.nii', 'd/labels/a_seg.nii', 'd/labels/z.nii');
    const { cases, notes } = await findNewCases(root, { kind: 'folders', folder: 'd' });
    expect(cases).toEqual([{ image: 'd/images/a.nii', label: 'd/labels/a_seg.nii' }]);
    expect(notes.map(({ file }) => file)).toEqual(['d/images/b.nii', 'd/labels/z.nii']);
    const elsewhere = await findNewCases(join(root, 'other'), { kind: 'folders', folder: join(root, 'd') });
    expect(elsewhere.cases).toEqual([
      { image: join(root, 'd/images/a.nii'), label: join(root, 'd/labels/a_seg.nii') },
    ]);
    expect(await faultsOf(findNewCases(root, { kind: 'folders', folder: 'none' }))).toMatchObject([
      { code: 'file-missing' },
    ]);
  });

  it('are found by a pattern, and the label by what the wildcards stood for', async () => {
    const root = await makeFiles(
      's/p1/t1.nii',
      's/p2/t1.nii',
      's/p2/t2.nii',
      's/.hidden/t1.nii',
      's/p2/t1.txt',
    );
    const { cases } = await findNewCases(root, { kind: 'pattern', image: 's/*/t1.*', label: 'l/*_seg.nii' });
    expect(cases).toEqual([
      { image: 's/p1/t1.nii', label: 'l/p1_seg.nii' },
      { image: 's/p2/t1.nii', label: 'l/p2_seg.nii' },
    ]);
    const deep = await findNewCases(root, { kind: 'pattern', image: '**/*.nii' });
    expect(deep.cases.map(({ image }) => image)).toEqual(['s/p1/t1.nii', 's/p2/t1.nii', 's/p2/t2.nii']);
    const whole = await findNewCases(root, { kind: 'pattern', image: join(root, 's/*/t2.nii') });
    expect(whole.cases).toEqual([{ image: 's/p2/t2.nii' }]);
  });

  it('are folders of DICOM series too, named as cases are', async () => {
    const root = await makeFiles(
      'd/labels/p1.nii',
      'd/images/p1.nii',
      'd/labels/p3_seg/mask.nii',
      's/p1/ct/nifti/t1.nii',
      's/p2/mr/t1.nii',
    );
    await copySeries(root, 'd/images/p1', 'd/images/p2', 'd/images/p3', 's/p1/ct', 's/p1/ct/older');
    const { cases, notes } = await findNewCases(root, { kind: 'folders', folder: 'd' });
    expect(cases).toEqual([
      { image: 'd/images/p1', label: 'd/labels/p1.nii' },
      { image: 'd/images/p3', label: 'd/labels/p3_seg/mask.nii' },
    ]);
    expect(notes.map(({ file }) => file)).toEqual(['d/images/p2', 'd/images/p1.nii']);
    const find = async (image: string) =>
      (await findNewCases(root, { kind: 'pattern', image, label: 'l/*.nii' })).cases;
    expect(await find('s/*/ct')).toEqual([{ image: 's/p1/ct', label: 'l/p1.nii' }]);
    // What is within a series that was found is a part of it; slices are no cases.
    expect((await find('s/**')).map(({ image }) => image)).toEqual(['s/p1/ct', 's/p2/mr/t1.nii']);
    expect((await find('s/**/*.nii')).map(({ image }) => image)).toEqual([
      's/p1/ct/nifti/t1.nii',
      's/p2/mr/t1.nii',
    ]);
    expect(await faultsOf(find('s/p1/ct/*.dcm'))).toMatchObject([{ code: 'data-list-empty' }]);
  });

  it('are told when there are none', async () => {
    const root = await makeFiles('s/a.nii');
    const find = (image: string, label?: string) =>
      faultsOf(findNewCases(root, { kind: 'pattern', image, ...(label === undefined ? {} : { label }) }));
    expect(await find('s/*.mha')).toMatchObject([{ code: 'data-list-empty' }]);
    expect(await find('gone/*.nii')).toMatchObject([{ code: 'file-missing' }]);
    expect(await find('s/*.nii', '*/*.nii')).toMatchObject([{ code: 'usage', argument: 'label' }]);
    expect(await find(' ')).toMatchObject([{ code: 'usage' }]);
  });

  it('may be named one by one', async () => {
    const root = await makeFiles();
    const source = {
      kind: 'files' as const,
      images: [join(root, 'a_0.nii'), 'a_1.nii'],
      label: '/far/l.nii',
    };
    expect((await findNewCases(root, source)).cases).toEqual([
      { image: ['a_0.nii', 'a_1.nii'], label: '/far/l.nii' },
    ]);
  });
});

describe('a pattern of paths', () => {
  it('takes every other character as itself', () => {
    const read = readPathPattern('./a+b (1)/*.nii');
    expect(read.ok && read.value.match('a+b (1)/x.nii')).toEqual(['x']);
    expect(read.ok && read.value.match('aab (1)/x.nii')).toBeUndefined();
    expect(read.ok && read.value.match('a+b (1)/x/y.nii')).toBeUndefined();
    expect(read.ok && read.value.folder).toBe('a+b (1)');
  });
});

describe('files that are looked at', () => {
  it('are there with their sizes, missing, or unreadable', async () => {
    const root = await makeFiles('a.nii', 'folder/b.nii');
    await writeFile(join(root, 'bad.nii'), 'no image');
    const found = await inspectFiles(
      root,
      ['a.nii', 'none.nii', 'bad.nii', 'folder', join(root, 'a.nii')],
      true,
    );
    expect(found[0]).toMatchObject({ path: 'a.nii', shape: [4, 3, 2] });
    expect(found[0]!.spacingMm).toHaveLength(3);
    expect(found[1]).toEqual({ path: 'none.nii', sizeBytes: null });
    expect(found[2]!.problem).toBeTypeOf('string');
    expect(found[3]!.sizeBytes).toBeGreaterThan(300);
    expect(found[4]).toMatchObject({ shape: [4, 3, 2] });
    await rm(join(root, 'a.nii'));
    expect(await inspectFiles(root, ['bad.nii'], false)).toEqual([{ path: 'bad.nii', sizeBytes: 8 }]);
  });
});
