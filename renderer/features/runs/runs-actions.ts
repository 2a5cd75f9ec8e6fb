import CircleStop from '@lucide/svelte/icons/circle-stop';
import FastForward from '@lucide/svelte/icons/fast-forward';
import Flag from '@lucide/svelte/icons/flag';
import OctagonX from '@lucide/svelte/icons/octagon-x';
import Pause from '@lucide/svelte/icons/pause';
import Play from '@lucide/svelte/icons/play';
import SkipForward from '@lucide/svelte/icons/skip-forward';
import type { JobRow } from '../../../common/api/runs.ts';
import type { Action } from '../../ui/action.ts';
import { confirm } from '../../ui/confirm.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import type { RunModel } from './run.svelte.ts';

/** Shows why something could not be done. */
async function attempt(title: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    toasts.showError(title, error);
  }
}

/** Ways to end a run, the gentlest first. */
export function getStopActions(model: RunModel): readonly Action[] {
  const elsewhere = model.canSteer
    ? undefined
    : 'Another program carries this run out: it can only be stopped now.';
  return [
    {
      id: 'run.stop-after-round',
      title: 'Stop after this round',
      icon: SkipForward,
      disabledReason: elsewhere,
      run: () => attempt('The run was not stopped', () => model.stop('after-round')),
    },
    {
      id: 'run.stop-after-jobs',
      title: 'Stop after the running jobs',
      icon: FastForward,
      disabledReason: elsewhere,
      run: () => attempt('The run was not stopped', () => model.stop('after-jobs')),
    },
    {
      id: 'run.stop-now',
      title: 'Stop now, to go on later',
      icon: CircleStop,
      run: () => attempt('The run was not stopped', () => model.stop('now')),
    },
    {
      id: 'run.finish',
      title: 'Finish now',
      icon: Flag,
      group: 'final',
      tone: 'danger',
      disabledReason: elsewhere,
      run: () => finish(model),
    },
  ];
}

async function finish(model: RunModel): Promise<void> {
  const isSure = await confirm({
    title: `Finish ${model.run}?`,
    body: 'Its running jobs are aborted and keep their scores so far. What waits is given up, and the run cannot be gone on with.',
    action: 'Finish the run',
    tone: 'danger',
  });
  if (isSure) await attempt('The run was not finished', () => model.stop('now', false));
}

/** What can be done with the run on show. */
export function getRunActions(model: RunModel): readonly Action[] {
  const { head, workers } = model;
  if (head === undefined) return [];
  if (head.state === 'running') {
    const isPaused = workers?.isPaused === true;
    return [
      {
        id: 'run.pause',
        title: isPaused ? 'Go on with the run' : 'Pause the run',
        icon: isPaused ? Play : Pause,
        group: 'Run',
        disabledReason: model.canSteer ? undefined : 'Another program carries this run out.',
        run: () =>
          attempt(isPaused ? 'The run does not go on' : 'The run was not paused', () =>
            isPaused ? model.unpause() : model.pause(),
          ),
      },
      ...getStopActions(model).map((action) => ({ ...action, group: 'Run' })),
    ];
  }
  if (!head.isResumable) return [];
  return [
    {
      id: 'run.resume',
      title: 'Resume the run',
      icon: Play,
      group: 'Run',
      run: () => attempt('The run was not resumed', () => model.resume()),
    },
  ];
}

/** What can be done with a job. */
export function getJobActions(model: RunModel, job: JobRow): readonly Action[] {
  return [
    {
      id: 'job.abort',
      title: `Abort ${job.job}`,
      icon: OctagonX,
      tone: 'danger',
      disabledReason:
        job.state !== 'running'
          ? 'It does not run.'
          : model.canSteer
            ? undefined
            : 'Another program carries this run out.',
      run: async () => {
        const isSure = await confirm({
          title: `Abort ${job.job}?`,
          body: 'The job ends for good with its score so far, and its worker takes the next one.',
          action: 'Abort the job',
          tone: 'danger',
        });
        if (isSure) await attempt('The job was not aborted', () => model.abort(job.job));
      },
    },
  ];
}

/** What can be done with a worker. */
export function getWorkerActions(
  model: RunModel,
  worker: { readonly name: string; readonly state: string; readonly job?: string | undefined },
): readonly Action[] {
  const isPaused = worker.state === 'paused';
  const job = worker.job === undefined ? undefined : model.find(worker.job);
  return [
    {
      id: `worker.${worker.name}.pause`,
      title: isPaused ? `Go on with ${worker.name}` : `Pause ${worker.name} after its job`,
      icon: isPaused ? Play : Pause,
      disabledReason: model.canSteer ? undefined : 'Another program carries this run out.',
      run: () =>
        attempt('The worker was not changed', () =>
          isPaused ? model.unpause(worker.name) : model.pause(worker.name),
        ),
    },
    ...(job === undefined ? [] : getJobActions(model, job)),
  ];
}
