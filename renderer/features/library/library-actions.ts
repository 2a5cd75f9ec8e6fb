import ChartSpline from '@lucide/svelte/icons/chart-spline';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import Copy from '@lucide/svelte/icons/copy';
import FlaskConical from '@lucide/svelte/icons/flask-conical';
import FolderOpen from '@lucide/svelte/icons/folder-open';
import FolderSearch from '@lucide/svelte/icons/folder-search';
import FolderSymlink from '@lucide/svelte/icons/folder-symlink';
import ListX from '@lucide/svelte/icons/list-x';
import Package from '@lucide/svelte/icons/package';
import PackageOpen from '@lucide/svelte/icons/package-open';
import Pencil from '@lucide/svelte/icons/pencil';
import Play from '@lucide/svelte/icons/play';
import Plus from '@lucide/svelte/icons/plus';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import Trash from '@lucide/svelte/icons/trash';
import type { MmarCard } from '../../../common/api/library.ts';
import { api } from '../../api.ts';
import { mmarAddress } from '../../shell/route.ts';
import { router } from '../../shell/router.svelte.ts';
import { trustPrompt } from '../../shell/trust-prompt.svelte.ts';
import type { Action } from '../../ui/action.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import type { LibraryModel } from './library.svelte.ts';

/** What can be done with the library as a whole. */
export function getLibraryActions(model: LibraryModel): readonly Action[] {
  const show = (kind: 'new' | 'open' | 'unpack'): void => {
    model.dialog = { kind };
  };
  return [
    { id: 'library.new', title: 'New MMAR', icon: Plus, shortcut: 'Mod+Shift+N', run: () => show('new') },
    {
      id: 'library.open',
      title: 'Open folder',
      icon: FolderOpen,
      shortcut: 'Mod+O',
      run: () => show('open'),
    },
    { id: 'library.unpack', title: 'Unpack MMAR', icon: PackageOpen, run: () => show('unpack') },
    {
      id: 'library.sample',
      title: 'Make the sample anew',
      icon: FlaskConical,
      run: () =>
        report('The sample was not made', async () => {
          const { mmar } = await api.library.addSample({});
          router.go(mmarAddress(mmar));
        }),
    },
  ];
}

/** What can be done with one MMAR. */
export function getMmarActions(card: MmarCard, model: LibraryModel): readonly Action[] {
  const isThere = card.state === 'ready' || card.state === 'broken';
  const forget: Action = {
    id: 'mmar.forget',
    title: 'Take off the list',
    icon: ListX,
    group: 'end',
    run: () => report('It is still on the list', () => forgetMmar(card)),
  };
  if (!isThere) {
    const show = { id: 'mmar.relocate', title: 'Find its folder', icon: FolderSearch };
    return [{ ...show, run: () => void (model.dialog = { kind: 'relocate', card }) }, forget];
  }
  return [
    ...getOpenActions(card),
    ...getFileActions(card, model),
    forget,
    {
      id: 'mmar.remove',
      title: 'Move to trash',
      icon: Trash,
      tone: 'danger',
      group: 'end',
      run: () => report(`“${card.name}” was not removed`, () => removeMmar(card)),
    },
  ];
}

function getOpenActions({ mmar, trust }: MmarCard): readonly Action[] {
  const go = (view: 'edit' | 'runs' | 'results') => () => router.go(mmarAddress(mmar, view));
  return [
    { id: 'mmar.open', title: 'Open', icon: FolderOpen, group: 'open', run: go('edit') },
    { id: 'mmar.runs', title: 'Runs', icon: Play, group: 'open', run: go('runs') },
    { id: 'mmar.results', title: 'Results', icon: ChartSpline, group: 'open', run: go('results') },
    ...(trust === 'needless'
      ? []
      : [
          {
            id: 'mmar.trust',
            title: 'Its own code',
            icon: ShieldCheck,
            group: 'open',
            run: () => void trustPrompt.ask(mmar),
          },
        ]),
  ];
}

function getFileActions(card: MmarCard, model: LibraryModel): readonly Action[] {
  const show = (kind: 'rename' | 'duplicate' | 'pack' | 'check') => () => {
    model.dialog = { kind, card };
  };
  return [
    { id: 'mmar.check', title: 'Check', icon: CircleCheck, group: 'files', run: show('check') },
    { id: 'mmar.duplicate', title: 'Duplicate', icon: Copy, group: 'files', run: show('duplicate') },
    { id: 'mmar.rename', title: 'Rename', icon: Pencil, group: 'files', run: show('rename') },
    { id: 'mmar.pack', title: 'Pack into one file', icon: Package, group: 'files', run: show('pack') },
    {
      id: 'mmar.reveal',
      title: 'Show in file browser',
      icon: FolderSymlink,
      group: 'files',
      disabledReason: model.canReveal ? undefined : 'In the desktop app only',
      run: () =>
        report('It cannot be shown', async () => void (await api.library.reveal({ mmar: card.mmar }))),
    },
  ];
}

async function forgetMmar({ mmar, name }: MmarCard): Promise<void> {
  await api.library.forget({ mmar });
  toasts.show({ title: `“${name}” is off the list`, detail: 'Its folder stays where it is.' });
}

/** Can be undone, so it asks nothing. */
async function removeMmar({ mmar, name }: MmarCard): Promise<void> {
  const { removal, trash } = await api.library.remove({ mmar });
  toasts.show({
    tone: 'ok',
    title: trash === 'system' ? `“${name}” goes to the trash` : `“${name}” was put away`,
    detail:
      trash === 'system'
        ? 'Its data stays where it is.'
        : 'It is kept in .outerloop-trash beside where it was: this host has no trash.',
    durationMs: 25_000,
    action: {
      title: 'Undo',
      run: () => report('It did not come back', async () => void (await api.library.restore({ removal }))),
    },
  });
}

async function report(title: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    toasts.showError(title, error);
  }
}
