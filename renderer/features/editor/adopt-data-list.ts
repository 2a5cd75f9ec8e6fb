import type { JsonObject } from '../../../common/json.ts';
import { combineEdits } from '../../../common/mmar-edit/combine-edits.ts';
import { setValue } from '../../../common/mmar-edit/edit-json.ts';
import type { Editor } from './editor.svelte.ts';
import { ENVIRONMENT } from './editor-files.ts';

/**
 * Begins a copy of the data list in the MMAR, where it can be edited, and lets the environment name it. Nothing is written
 * before both files are saved; the list that stands elsewhere stays as it is.
 *
 * @throws RpcError when the list cannot be read
 */
export async function adoptDataList(editor: Editor): Promise<void> {
  const environment = editor.files.of(ENVIRONMENT)?.document;
  if (environment === undefined) return;
  const { text } = await editor.api.dataList.text({ mmar: editor.mmar });
  const path = freePath(editor);
  const root = rootOf(editor.files.environment);
  environment.change(
    combineEdits(environment.edited, [
      (edited) => setValue(edited, ['DATA_ROOT'], root),
      (edited) => setValue(edited, ['DATASET_JSON'], path),
    ]),
  );
  editor.create(path).document.replaceText(text);
}

/** Paths of the copy have to start where those of the list did. */
function rootOf({ DATA_ROOT: root, DATASET_JSON: list }: JsonObject): string {
  if (typeof root === 'string' && root !== '') return root;
  const folders = typeof list === 'string' ? list.split('/').slice(0, -1).join('/') : '';
  return folders === '' ? '.' : folders;
}

function freePath(editor: Editor): string {
  for (let number = 0; ; number++) {
    const path = `config/dataset_${number}.json`;
    if (!editor.files.has(path) && !editor.tree.has(path)) return path;
  }
}
