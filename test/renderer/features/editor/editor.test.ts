import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { setValue } from '../../../../common/mmar-edit/edit-json.ts';
import { ENVIRONMENT, TRAIN_CONFIG } from '../../../../renderer/features/editor/editor-files.ts';
import { Editor } from '../../../../renderer/features/editor/editor.svelte.ts';
import { mmar, openMmar } from './open-mmar.ts';

type Opened = Awaited<ReturnType<typeof openMmar>>;

async function openEditor(place: Opened) {
  const editor = new Editor(mmar, place.api);
  onTestFinished(() => {
    editor.pause();
    editor.files.all.forEach((file) => file.dispose());
  });
  await editor.load();
  const file = editor.files.of(TRAIN_CONFIG)!;
  const edit = (path: readonly (string | number)[], value: number): void =>
    file.document.change(setValue(file.document.edited, path, value));
  const onDisk = (path = TRAIN_CONFIG): Promise<string> => readFile(join(place.root, path), 'utf8');
  return { editor, file, document: file.document, edit, onDisk };
}

const eventually = (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 5000, interval: 10 });

describe('an editor', () => {
  it('opens the train config, knows all configs, and finds nothing wrong with a template', async () => {
    const { editor, file } = await openEditor(await openMmar());
    expect(editor.activePath).toBe(TRAIN_CONFIG);
    expect(editor.files.environment.OUTPUT_CHANNELS).toBe(3);
    expect(editor.files.variables.epochs).toBe(30);
    file.check();
    expect(file.findings).toEqual([]);
    expect(editor.tree.rows.map(({ entry }) => entry.path)).toContain('config/config_automl.json');
    expect(editor.files.dirty).toEqual([]);
  });

  it('has one history for edits of the form and of the text', async () => {
    const { document, edit } = await openEditor(await openMmar());
    const before = document.text;
    edit(['epochs'], 7);
    const typed = document.text.replace('"learning_rate": 0.001', '"learning_rate": 0.002');
    document.replaceText(typed);
    expect(document.value).toMatchObject({ epochs: 7, learning_rate: 0.002 });
    document.undo();
    expect(document.value).toMatchObject({ epochs: 7, learning_rate: 0.001 });
    document.undo();
    expect(document.text).toBe(before);
    expect(document.isDirty).toBe(false);
    document.redo();
    document.redo();
    expect(document.text).toBe(typed);
    expect(document.canRedo).toBe(false);
  });

  it('saves exactly the change', async () => {
    const { editor, edit, document, onDisk } = await openEditor(await openMmar());
    const before = await onDisk();
    edit(['epochs'], 7);
    await editor.save(TRAIN_CONFIG);
    expect(await onDisk()).toBe(before.replace('"epochs": 30', '"epochs": 7'));
    expect(document.isDirty).toBe(false);
    edit(['epochs'], 8);
    await editor.saveAll();
    expect(await onDisk()).toContain('"epochs": 8');
  });

  it('saves what is edited and saved again while the text before is on its way', async () => {
    const { editor, edit, document, onDisk } = await openEditor(await openMmar());
    edit(['epochs'], 7);
    const first = editor.save(TRAIN_CONFIG);
    edit(['epochs'], 8);
    await Promise.all([first, editor.save(TRAIN_CONFIG)]);
    expect(await onDisk()).toContain('"epochs": 8');
    expect(document.isDirty).toBe(false);
  });

  it('says what is wrong soon after it was typed, also with what depends on another file', async () => {
    const { editor, file, edit } = await openEditor(await openMmar());
    edit(['train', 'model', 'args', 'num_res_units'], -1);
    await eventually(() =>
      expect(file.findings.map(({ fault }) => fault.argument)).toEqual(['num_res_units']),
    );
    const environment = editor.files.of(ENVIRONMENT)!.document;
    environment.replaceText('{}');
    file.check();
    expect(file.findings.map(({ fault }) => fault.code)).toContain('unknown-variable');
  });

  it('makes a new file when it is saved, and forgets one that is given up', async () => {
    const { editor, onDisk } = await openEditor(await openMmar());
    editor.create('custom/mine.ts');
    expect(editor.active?.document.isDirty).toBe(true);
    editor.active?.document.replaceText('export {};\n');
    await editor.save('custom/mine.ts');
    expect(await onDisk('custom/mine.ts')).toBe('export {};\n');
    editor.create('custom/other.ts');
    editor.discard('custom/other.ts');
    expect(editor.files.of('custom/other.ts')).toBeUndefined();
    expect(editor.activePath).toBeUndefined();
  });

  it('shows why a file cannot be opened', async () => {
    const place = await openMmar();
    await writeFile(join(place.root, 'models.bin'), new Uint8Array([0, 1, 2]));
    const { editor } = await openEditor(place);
    await editor.open('models.bin');
    expect(editor.active).toBeUndefined();
    expect(String(editor.files.errorOf('models.bin'))).toContain('bytes that no text has');
  });
});

describe('unsaved changes', () => {
  it('survive a window that is gone', async () => {
    const place = await openMmar();
    const first = await openEditor(place);
    first.edit(['epochs'], 7);
    await eventually(() => expect(first.file.drafts.state).toBe('kept'));
    const second = await openEditor(place);
    expect(second.document.value).toMatchObject({ epochs: 7 });
    expect(second.file.isRestored).toBe(true);
    expect(second.document.outside).toBeUndefined();
    second.document.undo();
    expect(second.document.isDirty).toBe(false);
    await eventually(async () => expect(await place.api.files.drafts({ mmar })).toEqual([]));
  });

  it('are kept in the window while main is gone, and handed over when it is back', async () => {
    const place = await openMmar();
    const { edit, file, document } = await openEditor(place);
    place.cut();
    edit(['epochs'], 7);
    await eventually(() => expect(file.drafts.state).toBe('unreachable'));
    edit(['epochs'], 8);
    expect(document.value).toMatchObject({ epochs: 8 });
    await place.connect();
    await eventually(() => expect(file.drafts.state).toBe('kept'));
    const [draft] = await place.api.files.drafts({ mmar });
    expect(draft!.text).toContain('"epochs": 8');
  });

  it('say so when main cannot keep them', async () => {
    const place = await openMmar();
    const { edit, file } = await openEditor(place);
    await writeFile(join(place.root, '../drafts'), 'a file where a folder is needed');
    edit(['epochs'], 7);
    await eventually(() => expect(file.drafts.state).toBe('failed'));
    expect(String(file.drafts.error)).toContain('folder');
    await rm(join(place.root, '../drafts'));
    await eventually(() => expect(file.drafts.state).toBe('kept'));
  });

  it('stay when saving fails', async () => {
    const place = await openMmar();
    const { editor, edit, file, document } = await openEditor(place);
    edit(['epochs'], 7);
    place.cut();
    await editor.save(TRAIN_CONFIG);
    expect(file.saveError).toBeDefined();
    expect(document.isDirty).toBe(true);
    await place.connect();
    await editor.save(TRAIN_CONFIG);
    expect(file.saveError).toBeUndefined();
    expect(document.isDirty).toBe(false);
  });

  it('that were begun from another text than stands on the disk now are put beside it', async () => {
    const place = await openMmar();
    const first = await openEditor(place);
    first.edit(['epochs'], 7);
    await eventually(() => expect(first.file.drafts.state).toBe('kept'));
    first.editor.pause();
    const text = await first.onDisk();
    await writeFile(join(place.root, TRAIN_CONFIG), text.replace('"epochs": 30', '"epochs": 40'));
    const second = await openEditor(place);
    expect(second.document.value).toMatchObject({ epochs: 7 });
    expect(second.document.outside).toMatchObject({ kind: 'changed' });
  });
});

describe('changes of other programs', () => {
  const rewrite = async (place: Opened): Promise<void> => {
    const path = join(place.root, TRAIN_CONFIG);
    const text = (await readFile(path, 'utf8')).replace('"epochs": 30', '"epochs": 40');
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  };

  it('are followed where nothing was typed, and can be undone', async () => {
    const place = await openMmar();
    const { document } = await openEditor(place);
    await rewrite(place);
    await eventually(() => expect(document.value).toMatchObject({ epochs: 40 }));
    expect(document.isDirty).toBe(false);
    document.undo();
    expect(document.value).toMatchObject({ epochs: 30 });
    expect(document.isDirty).toBe(true);
  });

  it('are a choice where something was typed: keep mine', async () => {
    const place = await openMmar();
    const { editor, edit, file, document, onDisk } = await openEditor(place);
    edit(['learning_rate'], 0.5);
    await rewrite(place);
    await eventually(() => expect(document.outside).toMatchObject({ kind: 'changed' }));
    await editor.save(TRAIN_CONFIG);
    expect(await onDisk()).toContain('"epochs": 40');
    file.keepMine();
    await editor.save(TRAIN_CONFIG);
    expect(await onDisk()).toContain('"epochs": 30');
    expect(await onDisk()).toContain('"learning_rate": 0.5');
  });

  it('are a choice where something was typed: take theirs, and undo brings mine back', async () => {
    const place = await openMmar();
    const { edit, file, document } = await openEditor(place);
    edit(['learning_rate'], 0.5);
    await rewrite(place);
    await eventually(() => expect(document.outside).toBeDefined());
    file.takeTheirs();
    expect(document.value).toMatchObject({ epochs: 40, learning_rate: 0.001 });
    expect(document.isDirty).toBe(false);
    document.undo();
    expect(document.value).toMatchObject({ epochs: 30, learning_rate: 0.5 });
  });

  it('that come between looking and saving are never written over', async () => {
    const place = await openMmar();
    const { editor, edit, document, onDisk } = await openEditor(place);
    editor.pause();
    edit(['learning_rate'], 0.5);
    await rewrite(place);
    await editor.save(TRAIN_CONFIG);
    expect(await onDisk()).toContain('"epochs": 40');
    expect(document.outside).toMatchObject({ kind: 'changed' });
  });

  it('may delete the file: its text stays and can be saved again', async () => {
    const place = await openMmar();
    const { editor, file, document, onDisk } = await openEditor(place);
    const text = await onDisk();
    await rm(join(place.root, TRAIN_CONFIG));
    await eventually(() => expect(document.outside).toEqual({ kind: 'deleted' }));
    expect(document.text).toBe(text);
    file.keepMine();
    await editor.save(TRAIN_CONFIG);
    expect(await onDisk()).toBe(text);
  });

  it('may take the whole folder away: what is open stays open', async () => {
    const place = await openMmar();
    const { editor, edit, document } = await openEditor(place);
    edit(['epochs'], 7);
    await rename(place.root, `${place.root}-elsewhere`);
    await eventually(() => expect(editor.tree.error).toBeDefined());
    expect(editor.tree.isLoaded).toBe(true);
    expect(document.value).toMatchObject({ epochs: 7 });
    await eventually(() => expect(document.outside).toEqual({ kind: 'deleted' }));
    await rename(`${place.root}-elsewhere`, place.root);
    await eventually(() => expect(editor.tree.error).toBeUndefined());
    await eventually(() => expect(document.outside).toBeUndefined());
    expect(document.isDirty).toBe(true);
  });

  it('are seen in the tree', async () => {
    const place = await openMmar();
    const { editor } = await openEditor(place);
    await writeFile(join(place.root, 'config/config_extra.json'), '{}');
    await eventually(() => expect(editor.tree.has('config/config_extra.json')).toBe(true));
  });
});
