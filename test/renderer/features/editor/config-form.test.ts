import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { findComponent } from '../../../../common/components/catalogue.ts';
import type { SlotOutline } from '../../../../common/mmar-edit/outline-config.ts';
import { ConfigForm } from '../../../../renderer/features/editor/config-form.svelte.ts';
import { AUTOML_CONFIG, TRAIN_CONFIG } from '../../../../renderer/features/editor/editor-files.ts';
import { Editor } from '../../../../renderer/features/editor/editor.svelte.ts';
import ConfigFormView from '../../../../renderer/features/editor/parts/ConfigFormView.svelte';
import { mmar, openMmar } from './open-mmar.ts';

afterEach(cleanup);

async function openForm(path = TRAIN_CONFIG) {
  const { api } = await openMmar();
  const editor = new Editor(mmar, api);
  await editor.load();
  onTestFinished(() => {
    editor.pause();
    editor.files.all.forEach((file) => file.dispose());
  });
  const file = editor.files.of(path)!;
  const form = new ConfigForm(file, editor);
  const slot = (name: string): SlotOutline =>
    form.sections[0]!.slots.find(({ slot: candidate }) => candidate === name)!;
  return { editor, file, form, slot, before: file.document.text };
}

describe('a config as a form', () => {
  it('adds what the catalogue has, ready to train, and opens its card', async () => {
    const { form, slot, file } = await openForm();
    form.add(slot('pre_transforms'), findComponent('RandFlipd')!);
    const path = ['train', 'pre_transforms', 10];
    expect(form.expanded.has(path)).toBe(true);
    expect(form.cardAt(path)?.json).toEqual({ name: 'RandFlipd', args: { keys: 'image' } });
    form.add(slot('optimizer'), findComponent('SGD')!);
    expect(slot('optimizer').cards[1]?.json).toEqual({
      name: 'SGD',
      args: { params: '#@model.parameters()', lr: '{learning_rate}' },
      disabled: true,
    });
    form.addOwn(slot('handlers'), 'mine.Handler');
    file.check();
    expect(file.findings).toEqual([]);
  });

  it('takes open cards along when they are moved', async () => {
    const { form, slot } = await openForm();
    form.expanded.toggle(['train', 'pre_transforms', 0]);
    form.move(slot('pre_transforms'), 0, 3);
    expect(
      slot('pre_transforms')
        .cards.map(({ name }) => name)
        .slice(0, 4),
    ).toEqual(['EnsureChannelFirstd', 'Orientationd', 'Spacingd', 'LoadImaged']);
    expect(form.expanded.has(['train', 'pre_transforms', 3])).toBe(true);
    expect(form.expanded.has(['train', 'pre_transforms', 0])).toBe(false);
    form.move(slot('pre_transforms'), 0, -1);
    form.move(slot('pre_transforms'), 0, 99);
    expect(slot('pre_transforms').cards[0]!.name).toBe('EnsureChannelFirstd');
  });

  it('searches an argument and leaves no trace when it does not any more', async () => {
    const { form, file, before } = await openForm();
    const card = form.cardAt(['train', 'model'])!;
    form.startSearch(card.path, 'num_res_units', { kind: 'number', isWhole: true, min: 0 }, 2, 'network');
    form.file.check();
    expect(form.search.combinations).toMatchObject({ ints: 1 });
    const entry = form.searchEntries.find(({ names }) => names.includes('num_res_units'))!;
    form.removeItem(entry.path);
    expect(file.document.text).toBe(before);
  });

  it('replaces the controller of a search, which has no alternatives', async () => {
    const { form, slot } = await openForm(AUTOML_CONFIG);
    expect(slot('controller')).toMatchObject({ hasAlternatives: false });
    form.add(slot('controller'), findComponent('GridController')!);
    expect(form.config.controller).toEqual({ name: 'GridController' });
    expect(form.expanded.has(['controller'])).toBe(true);
  });
});

describe('the form on the page', () => {
  it('edits a value, shows what is wrong at it, and searches it', async () => {
    const { editor, form, file } = await openForm();
    render(ConfigFormView, { editor, form });
    const model = screen.getByRole('group', { name: 'Network' });
    await fireEvent.click(within(model).getByText('UNet'));
    await fireEvent.click(within(model).getByRole('switch', { name: 'Search num_res_units' }));
    expect(file.document.text).toContain(
      '"search": [{ "domain": "net", "type": "int", "args": ["num_res_units"], "targets": [1, 4] }]',
    );
    expect(within(model).getByRole('group', { name: 'Search of num_res_units' })).toBeTruthy();

    form.set(['train', 'model', 'args', 'strides'], [2]);
    file.check();
    expect(await within(model).findByText(/strides has 1 entries/)).toBeTruthy();
  });

  it('shows the resolved value of a variable, and what a ref means', async () => {
    const { editor, form } = await openForm();
    form.expanded.add(['train', 'model']);
    form.expanded.add(['validate', 'pre_transforms', 0]);
    render(ConfigFormView, { editor, form });
    expect(screen.getByText('= 3')).toBeTruthy();
    expect(screen.getByText(/of the train section/)).toBeTruthy();
  });

  it('shows what it can of a text that is no JSON', async () => {
    const { editor, form, file } = await openForm();
    file.document.replaceText(file.document.text.replace('"epochs": 30,', '"epochs": 30'));
    file.check();
    render(ConfigFormView, { editor, form });
    expect(screen.getByText('The text is no JSON: one thing is wrong')).toBeTruthy();
    expect(screen.getAllByRole('group', { name: 'Pre-transforms' })).toHaveLength(2);
    form.set(['learning_rate'], 0.5);
    expect(file.document.text).toContain('"epochs": 30\n');
    expect(file.document.text).toContain('"learning_rate": 0.5');
  });

  it('says that a file without sections has no form', async () => {
    const { editor, form, file } = await openForm();
    file.document.replaceText('[]');
    render(ConfigFormView, { editor, form });
    expect(screen.getByText('Nothing to show as a form')).toBeTruthy();
  });
});
