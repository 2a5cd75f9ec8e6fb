import AlignLeft from '@lucide/svelte/icons/text-align-start';
import ListChecks from '@lucide/svelte/icons/list-checks';
import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import Save from '@lucide/svelte/icons/save';
import SaveAll from '@lucide/svelte/icons/save-all';
import { detectStyle, formatDocument } from '../../../common/mmar-edit/text-style.ts';
import type { Action } from '../../ui/action.ts';
import { confirm } from '../../ui/confirm.svelte.ts';
import type { Editor } from './editor.svelte.ts';
import type { OpenFile } from './open-file.svelte.ts';

/** What a user can do to an open file. */
export function getFileActions(editor: Editor, file: OpenFile): readonly Action[] {
  const { document, path } = file;
  const isBroken = document.isJson && document.edited.tree.problems.length > 0;
  return [
    {
      id: 'file.save',
      title: 'Save',
      icon: Save,
      shortcut: 'Mod+S',
      group: 'File',
      disabledReason: document.isReadOnly
        ? 'The file is read-only'
        : document.isDirty
          ? undefined
          : 'Nothing was changed',
      run: () => editor.save(path),
    },
    {
      id: 'file.saveAll',
      title: 'Save all files',
      icon: SaveAll,
      shortcut: 'Mod+Shift+S',
      group: 'File',
      disabledReason: editor.files.dirty.length === 0 ? 'Nothing was changed' : undefined,
      run: () => editor.saveAll(),
    },
    {
      id: 'file.discard',
      title: 'Discard changes',
      icon: RotateCcw,
      group: 'File',
      disabledReason: document.isDirty ? undefined : 'Nothing was changed',
      run: () => discard(editor, file),
    },
    ...(document.isJson
      ? [
          {
            id: 'file.format',
            title: 'Format the text anew',
            icon: AlignLeft,
            group: 'Text',
            disabledReason: isBroken ? 'The text is no JSON yet' : undefined,
            run: () => document.replaceText(formatDocument(document.value, detectStyle(document.text))),
          },
        ]
      : []),
    {
      id: 'mmar.check',
      title: 'Check the whole MMAR',
      icon: ListChecks,
      group: 'MMAR',
      run: () => editor.mmarCheck.run(),
    },
  ];
}

async function discard(editor: Editor, file: OpenFile): Promise<void> {
  const isNew = file.document.saved === null;
  const agreed = await confirm({
    title: isNew ? `Close ${file.path}?` : `Discard the changes of ${file.path}?`,
    body: isNew
      ? 'It was never saved: its text is gone then.'
      : 'The text becomes what is saved. Undo brings the changes back.',
    action: isNew ? 'Close' : 'Discard',
    tone: 'danger',
  });
  if (agreed) editor.discard(file.path);
}
