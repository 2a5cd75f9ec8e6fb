import type IconX from '@lucide/svelte/icons/x';

/** An icon of @lucide/svelte, imported one by one: `import Play from '@lucide/svelte/icons/play'`. */
export type Icon = typeof IconX;

/**
 * Something that a user can do, as data: menus, context menus, toolbars and the command palette all show the same list.
 * A noun has one `get<Noun>Actions(model)` that returns these.
 */
export interface Action {
  /** Unique within its list, e.g. `mmar.duplicate`. */
  readonly id: string;
  /** A verb and its object, e.g. `Duplicate MMAR`. */
  readonly title: string;
  readonly icon?: Icon;
  /** Keys as {@link formatShortcut} understands them: `Mod+K`, `Shift+F10`, `Delete`. Bound while it is provided by provideActions; else only shown. */
  readonly shortcut?: string;
  /** Actions of one group stand together under its name (palette) or between separators (menus). */
  readonly group?: string;
  readonly tone?: 'danger';
  /** Why it cannot be done now; the action is then shown disabled with this reason. */
  readonly disabledReason?: string | undefined;
  /** A check mark, for actions that switch something. */
  readonly checked?: boolean;
  readonly run: () => void | Promise<void>;
}

/** Actions in the order of their groups' first appearance. */
export function groupActions(
  actions: readonly Action[],
): readonly { readonly group: string | undefined; readonly actions: readonly Action[] }[] {
  const groups = new Map<string | undefined, Action[]>();
  for (const action of actions) {
    const group = groups.get(action.group);
    if (group === undefined) groups.set(action.group, [action]);
    else group.push(action);
  }
  return [...groups].map(([group, members]) => ({ group, actions: members }));
}
