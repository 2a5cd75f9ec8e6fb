import ArrowRight from '@lucide/svelte/icons/arrow-right';
import Braces from '@lucide/svelte/icons/braces';
import Trash from '@lucide/svelte/icons/trash';
import { countOf } from '../../../ui/format.ts';
import type { Action } from '../../../ui/action.ts';
import type { DataListForm } from './data-list-form.svelte.ts';

/** The sections that the chosen cases can be moved to. */
export function getMoveActions(form: DataListForm): readonly Action[] {
  const cases = form.chosen;
  return form.outline.map(({ key, use }) => {
    const isThere = cases.every((item) => item.key === key);
    return {
      id: `move-${key}`,
      title: use === undefined || USES[use] === key ? `To ${key}` : `To ${key} (${USES[use]})`,
      icon: ArrowRight,
      disabledReason: isThere ? 'They are there already' : undefined,
      run: () => form.moveTo(key, cases),
    };
  });
}

const USES = { train: 'training', validate: 'validation', infer: 'test' } as const;

/** What else can be done to the chosen cases. */
export function getCaseActions(form: DataListForm): readonly Action[] {
  const cases = form.chosen;
  const [first] = cases;
  return [
    {
      id: 'remove',
      title: `Take ${countOf(cases.length, 'case')} out of the list`,
      icon: Trash,
      tone: 'danger',
      shortcut: 'Delete',
      run: () => form.remove(cases),
    },
    {
      id: 'text',
      title: 'Show in the text',
      icon: Braces,
      group: 'text',
      disabledReason: first === undefined ? 'No case is chosen' : undefined,
      run: () => form.showText(first!),
    },
  ];
}
