import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { adoptDataList } from '../../../../renderer/features/editor/adopt-data-list.ts';
import { AddCases } from '../../../../renderer/features/editor/data-list/add-cases.svelte.ts';
import {
  getCaseActions,
  getMoveActions,
} from '../../../../renderer/features/editor/data-list/data-list-actions.ts';
import { DataListForm } from '../../../../renderer/features/editor/data-list/data-list-form.svelte.ts';
import { MovedData } from '../../../../renderer/features/editor/data-list/moved-data.svelte.ts';
import { SplitForm } from '../../../../renderer/features/editor/data-list/split-form.svelte.ts';
import { ENVIRONMENT } from '../../../../renderer/features/editor/editor-files.ts';
import { Editor } from '../../../../renderer/features/editor/editor.svelte.ts';
import { volume } from '../../../main/mmar/check/tiny-mmar.ts';
import { mmar, openMmar } from './open-mmar.ts';

const LIST = 'config/dataset_0.json';
const caseOf = (name: string): object => ({ image: `images/${name}.nii`, label: `labels/${name}.nii` });

/** A list in the MMAR, of four cases of two patients and one that is missing. */
async function openList(root = 'data', list = LIST) {
  const place = await openMmar();
  const environment = join(place.root, ENVIRONMENT);
  const json = JSON.parse(await readFile(environment, 'utf8')) as object;
  await writeFile(environment, JSON.stringify({ ...json, DATASET_JSON: list, DATA_ROOT: root }, null, 2));
  const training = ['p1_a', 'p1_b', 'p2_a', 'p2_b'].map(caseOf);
  const text = JSON.stringify(
    { numTraining: 4, training, validation: [caseOf('gone')], note: 'kept' },
    null,
    2,
  );
  await mkdir(join(place.root, 'data/images'), { recursive: true });
  await mkdir(join(place.root, 'data/labels'), { recursive: true });
  await writeFile(join(place.root, list), text);
  for (const name of ['p1_a', 'p1_b', 'p2_a', 'p2_b', 'p3_a']) {
    await writeFile(
      join(place.root, `data/images/${name}.nii`),
      volume([4, 3, 2], () => 1),
    );
    const shape = name === 'p2_b' ? [4, 3, 3] : [4, 3, 2];
    await writeFile(
      join(place.root, `data/labels/${name}.nii`),
      volume(shape, () => 1),
    );
  }
  const editor = new Editor(mmar, place.api);
  onTestFinished(() => {
    editor.pause();
    editor.files.all.forEach((file) => file.dispose());
  });
  await editor.load();
  await editor.open(list);
  const form = new DataListForm(editor.active!, editor);
  const looked = async (): Promise<void> => {
    form.look();
    await vi.waitFor(() => expect(form.inspector.left).toBe(0), { timeout: 5000, interval: 5 });
  };
  await looked();
  const states = (): object => Object.fromEntries(form.rows.map(({ name, state }) => [name, state]));
  return { ...place, editor, form, looked, states, text };
}

describe('a data list as a form', () => {
  it('tells how the files of each case stand', async () => {
    const { form, states, editor } = await openList();
    expect(editor.active!.kind).toBe('data_list');
    expect(states()).toEqual({ p1_a: 'ok', p1_b: 'ok', p2_a: 'ok', p2_b: 'sizes', gone: 'missing' });
    expect(form.rows[0]).toMatchObject({ shape: '4 × 3 × 2', voxels: 24, image: 'images/p1_a.nii' });
    expect(form.sections.map(({ key, use, cases, problems }) => [key, use, cases.length, problems])).toEqual([
      ['training', 'train', 4, 1],
      ['validation', 'validate', 1, 1],
      ['test', 'infer', 0, 0],
    ]);
    form.onlyProblems = true;
    expect(form.found.map(({ name }) => name)).toEqual(['p2_b', 'gone']);
    form.query = 'labels p2';
    expect(form.found.map(({ name }) => name)).toEqual(['p2_b']);
    form.onlyProblems = false;
    form.shown = 'validation';
    expect(form.found).toEqual([]);
  });

  it('moves and takes out the chosen cases, which one undo takes back', async () => {
    const { form, text } = await openList();
    form.selection = new Set(['training/0', 'training/2']);
    const move = getMoveActions(form).find(({ id }) => id === 'move-validation')!;
    await move.run();
    expect(form.document.value).toMatchObject({
      numTraining: 2,
      validation: [caseOf('gone'), caseOf('p1_a'), caseOf('p2_a')],
    });
    expect([...form.selection]).toEqual(['validation/1', 'validation/2']);
    await getCaseActions(form)
      .find(({ id }) => id === 'remove')!
      .run();
    expect(form.document.value).toMatchObject({ validation: [caseOf('gone')] });
    form.document.undo();
    form.document.undo();
    expect(form.document.text).toBe(text);
    expect(form.selection.size).toBe(0);
  });

  it('changes a file in place, and looks at the new one', async () => {
    const { form, looked, states } = await openList();
    form.setFile({ key: 'validation', index: 0 }, 'image', 'images/p3_a.nii');
    form.setFile({ key: 'validation', index: 0 }, 'label', 'labels/p3_a.nii');
    await looked();
    expect(states()).toMatchObject({ p3_a: 'ok' });
    expect(form.savedPlaceOf(form.cases[4]!)).toBeUndefined();
    expect(form.savedPlaceOf(form.cases[1]!)).toMatchObject({ list: 'training', index: 1 });
  });

  it('adds what a folder has and the list has not', async () => {
    const { form } = await openList();
    const adding = new AddCases(form);
    adding.folder = '.';
    await adding.look(adding.source);
    expect(adding.found).toHaveLength(5);
    expect(adding.fresh).toEqual([caseOf('p3_a')]);
    adding.add();
    expect(form.document.value).toMatchObject({ numTraining: 5 });
    expect(form.chosen.map(({ image }) => image)).toEqual([['images/p3_a.nii']]);
    adding.kind = 'pattern';
    adding.imagePattern = 'none/*.nii';
    await adding.look(adding.source);
    expect(adding.problem).toBeDefined();
    expect(adding.fresh).toEqual([]);
  });

  it('splits anew by patients, as the list was split last', async () => {
    const { form } = await openList();
    const split = new SplitForm(form);
    split.rule = 'pattern';
    expect(split.request).toBeUndefined();
    split.pattern = '(p\\d)_';
    expect(split.planned).toMatchObject({ ok: false, faults: [{ code: 'data-list' }] });
    split.pattern = 'images/(p\\d|gone)';
    split.validation = 0.4;
    split.apply();
    const { training, validation } = form.document.value as Record<string, { image: string }[]>;
    const patients = (cases: { image: string }[]): Set<string> =>
      new Set(cases.map(({ image }) => /p\d|gone/.exec(image)![0]));
    expect(training!.length + validation!.length).toBe(5);
    expect([...patients(training!)].filter((patient) => patients(validation!).has(patient))).toEqual([]);
    expect(validation!.length).toBeGreaterThan(0);
    expect(new SplitForm(form).request).toEqual({
      validation: 0.4,
      test: 0,
      seed: 0,
      patients: { pattern: 'images/(p\\d|gone)' },
    });
  });

  it('finds data that were moved, by the root or by the beginnings of paths', async () => {
    const { form, root, looked, states, editor } = await openList();
    await rename(join(root, 'data'), join(root, 'moved'));
    form.lookAgain();
    await looked();
    expect(states()).toMatchObject({ p1_a: 'missing' });
    const moved = new MovedData(form);
    await moved.look(join(root, 'nowhere'));
    expect(moved.proposal).toBeUndefined();
    await moved.look(join(root, 'moved'));
    expect(moved.proposal).toMatchObject({ move: { kind: 'root' }, finds: 8, missing: 10 });
    moved.apply();
    expect(editor.files.environment.DATA_ROOT).toBe(join(root, 'moved'));
    await looked();
    expect(states()).toMatchObject({ p1_a: 'ok', gone: 'missing' });
    editor.files.of(ENVIRONMENT)!.document.undo();
    await looked();
    await moved.look(join(root, 'moved/images'));
    expect(moved.proposal).toMatchObject({ move: { kind: 'beginning', from: 'images/' }, finds: 4 });
    moved.apply();
    expect(form.cases[0]!.image).toEqual([join(root, 'moved/images/p1_a.nii')]);
  });
});

describe('a data list outside of the MMAR', () => {
  it('is copied into it to be edited, and its paths start where they did', async () => {
    const { editor, api, root } = await openList('', 'data/list.json');
    await rename(join(root, 'data'), join(root, '../elsewhere'));
    const environment = editor.files.of(ENVIRONMENT)!;
    environment.document.replaceText(
      environment.document.text.replace('data/list.json', '../elsewhere/list.json'),
    );
    await editor.saveAll();
    expect((await api.dataList.text({ mmar })).text).toContain('"numTraining": 4');
    await adoptDataList(editor);
    expect(editor.activePath).toBe(LIST);
    expect(editor.active!.kind).toBe('data_list');
    expect(editor.files.environment).toMatchObject({ DATASET_JSON: LIST, DATA_ROOT: '../elsewhere' });
    expect(editor.files.dirty.map(({ path }) => path).toSorted()).toEqual([LIST, ENVIRONMENT]);
  });
});
