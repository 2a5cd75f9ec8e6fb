import ArchiveRestore from '@lucide/svelte/icons/archive-restore';
import GitCompare from '@lucide/svelte/icons/git-compare';
import Server from '@lucide/svelte/icons/server';
import Trash from '@lucide/svelte/icons/trash';
import { api } from '../../api.ts';
import { router } from '../../shell/router.svelte.ts';
import type { Action } from '../../ui/action.ts';
import { countOf } from '../../ui/format.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import type { TrackingModel } from './tracking.svelte.ts';

/** The most runs that a comparison can still be read with. */
const mostCompared = 12;

/** What can be done with the selected runs. */
export function getTrackingActions(model: TrackingModel): readonly Action[] {
  const runs = [...model.selection];
  const isReadOnly = model.status?.readOnly !== undefined;
  const noRuns = runs.length === 0 ? 'Select runs first' : undefined;
  const isDeleted = model.view === 'deleted';
  return [
    {
      id: 'tracking.compare',
      title: 'Compare runs',
      icon: GitCompare,
      disabledReason:
        runs.length < 2
          ? 'Select two or more runs'
          : runs.length > mostCompared
            ? `At most ${mostCompared} runs`
            : undefined,
      run: () => router.go(`#/tracking/compare/${runs.join(',')}`),
    },
    isDeleted
      ? {
          id: 'tracking.restore',
          title: 'Restore runs',
          icon: ArchiveRestore,
          disabledReason: noRuns,
          run: () => change(model, runs, 'restored'),
        }
      : {
          id: 'tracking.delete',
          title: 'Delete runs',
          icon: Trash,
          tone: 'danger',
          disabledReason: noRuns ?? (isReadOnly ? 'The store cannot be changed' : undefined),
          run: () => change(model, runs, 'deleted'),
        },
    {
      id: 'tracking.remotes',
      title: 'Remote servers',
      icon: Server,
      run: () => router.go('#/tracking/remotes'),
    },
  ];
}

/** Deleted runs can be restored, so nothing is asked. */
async function change(model: TrackingModel, runs: string[], done: 'deleted' | 'restored'): Promise<void> {
  try {
    if (done === 'deleted') await api.tracking.deleteRuns({ runs });
    else await api.tracking.restoreRuns({ runs });
    model.selection = new Set();
    const undo = done === 'deleted' ? 'restored' : 'deleted';
    toasts.show({
      tone: 'ok',
      title: `${countOf(runs.length, 'run')} ${done}`,
      action: { title: 'Undo', run: () => change(model, runs, undo) },
    });
  } catch (error) {
    toasts.showError(`The runs were not ${done}`, error);
  }
}
