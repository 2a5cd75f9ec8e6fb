import type { MmarId } from '../../../common/api/ids.ts';
import { api } from '../../api.ts';
import { DataSurvey } from './data-survey.svelte.ts';
import { Editor } from './editor.svelte.ts';
import { SearchCost } from './search-cost.svelte.ts';

/** An editor with what its side panels ask main. */
export interface OpenedEditor {
  readonly editor: Editor;
  readonly cost: SearchCost;
  readonly data: DataSurvey;
}

const opened = new Map<string, OpenedEditor>();

/** The editor of an MMAR, the same for as long as the window lives: other views come and go, histories stay. */
export function openEditor(mmar: string): OpenedEditor {
  const known = opened.get(mmar);
  if (known !== undefined) return known;
  const id = mmar as MmarId;
  let made: OpenedEditor | undefined;
  // Values that follow others end with what they were made in: these are of no view.
  $effect.root(() => {
    made = { editor: new Editor(id, api), cost: new SearchCost(api, id), data: new DataSurvey(api, id) };
  });
  opened.set(mmar, made!);
  return made!;
}
