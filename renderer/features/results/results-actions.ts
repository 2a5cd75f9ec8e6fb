import BadgeCheck from '@lucide/svelte/icons/badge-check';
import Download from '@lucide/svelte/icons/download';
import FileText from '@lucide/svelte/icons/file-text';
import Table from '@lucide/svelte/icons/table';
import { leaderboardAddress, modelAddress, reportAddress } from '../../../common/api/results.ts';
import type { Action } from '../../ui/action.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import type { ResultsModel } from './results.svelte.ts';

/**
 * Lets the browser, or Electron's own dialog, save a file of main. What main refuses is shown instead of saved.
 */
export async function saveResource(address: string, title: string): Promise<void> {
  try {
    // A HEAD tells whether there is something, without reading a model twice.
    const probe = await fetch(address, { method: 'HEAD' });
    if (!probe.ok) throw await readRefusal(address);
    const link = document.createElement('a');
    link.href = address;
    link.download = '';
    link.click();
  } catch (error) {
    toasts.showError(title, error);
  }
}

async function readRefusal(address: string): Promise<Error> {
  const answer: unknown = await fetch(address)
    .then((response) => response.json())
    .catch(() => undefined);
  const message = (answer as { readonly message?: unknown } | undefined)?.message;
  return new Error(typeof message === 'string' ? message : 'The file cannot be read.');
}

/** What can be done with the results on show, and with the job that was picked. */
export function getResultActions(model: ResultsModel, makeDefault: (job: string) => void): readonly Action[] {
  const { mmar, run } = model.run;
  const job = model.shownJob;
  return [
    {
      id: 'results.report',
      title: 'Save the report',
      icon: FileText,
      group: 'Results',
      disabledReason: model.run.parameters.length === 0 ? 'The run has not begun.' : undefined,
      run: () => saveResource(reportAddress({ mmar, run }), 'The report was not saved'),
    },
    {
      id: 'results.leaderboard',
      title: 'Save the leaderboard as CSV',
      icon: Table,
      group: 'Results',
      run: () => saveResource(leaderboardAddress({ mmar, run }), 'The leaderboard was not saved'),
    },
    {
      id: 'results.model',
      title: job === undefined ? 'Export the model' : `Export the model of ${job}`,
      icon: Download,
      group: 'Results',
      disabledReason: job === undefined ? 'No job has a score.' : undefined,
      run: () =>
        job === undefined
          ? undefined
          : saveResource(modelAddress({ mmar, run, job }), 'The model was not exported'),
    },
    {
      id: 'results.default',
      title: job === undefined ? "Make it the MMAR's default" : `Make ${job} the MMAR's default`,
      icon: BadgeCheck,
      group: 'Results',
      disabledReason: job === undefined ? 'No job has a score.' : undefined,
      run: () => (job === undefined ? undefined : makeDefault(job)),
    },
  ];
}
