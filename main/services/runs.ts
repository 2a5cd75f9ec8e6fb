import { join } from 'node:path';
import type { MmarId } from '../../common/api/ids.ts';
import type { runsApi } from '../../common/api/runs.ts';
import type { RunHead } from '../../common/api/runs.ts';
import type { Handlers } from '../../common/rpc/contract.ts';
import { JOB_FILES, RUN_FILES } from '../automl/run-folder.ts';
import type { StartedRun } from '../automl/run-automl.ts';
import type { RunPorts } from '../automl/run-request.ts';
import { MachineMeter } from '../node/machine-use.ts';
import type { Clock } from '../ports/clock.ts';
import { followCurves } from '../run-desk/follow-curves.ts';
import { RunList } from '../run-desk/list-runs.ts';
import { measureJob } from '../run-desk/measure-job.ts';
import { pause } from '../run-desk/pause.ts';
import { makeRequest, planRun } from '../run-desk/plan-run.ts';
import type { RunDesk } from '../run-desk/run-desk.ts';
import { tailLog } from '../run-desk/tail-log.ts';

const MACHINE_POLL_MS = 2000;

export interface RunsServiceParts {
  readonly desk: RunDesk;
  /** Absolute path of an MMAR. Throws a FaultError for one that is not known. */
  readonly folderOf: (mmar: MmarId) => string;
  readonly ports: RunPorts;
}

/** Starts, follows and steers runs for the window. */
export function createRunsService({ desk, folderOf, ports }: RunsServiceParts): Handlers<typeof runsApi> {
  const list = new RunList(ports);
  const { clock } = ports;
  return {
    list: ({ mmar }) => list.list(mmar, folderOf(mmar)),
    active: () => desk.active(),
    activity: (_input, { signal }) => followActivity(desk, clock, signal),
    plan: async (form) => {
      const trust = (await desk.trustedCode(form)) !== undefined;
      const writeTo = await desk.writePlaces(form.mmar);
      return planRun(folderOf(form.mmar), { ...form, trust }, ports, writeTo);
    },
    measure: async (form) => {
      const trust = (await desk.trustedCode(form)) ?? false;
      const writeTo = await desk.writePlaces(form.mmar);
      return measureJob({ ...makeRequest(folderOf(form.mmar), form), trust, writeTo }, ports);
    },
    start: async (form) => describeStart(await desk.start(form)),
    resume: async ({ workers, ...place }) => describeStart(await desk.resume(place, workers)),
    remove: async ({ forever, ...place }) => {
      await desk.remove(place, forever);
      return {};
    },
    watch: async function* ({ after, ...place }, { signal }) {
      yield* (await desk.feedOf(place)).watch(after, signal);
    },
    curves: async function* ({ jobs, ...place }, { signal }) {
      const feed = await desk.feedOf(place);
      yield* followCurves(feed, await desk.folderOfRun(place), jobs, clock, signal);
    },
    log: async function* ({ job, from, ...place }, { signal }) {
      const folder = await desk.folderOfRun(place);
      const file = job === undefined ? join(folder, RUN_FILES.trace) : join(folder, job, JOB_FILES.log);
      yield* tailLog(file, from, clock, signal);
    },
    machine: (_input, { signal }) => followMachine(clock, signal),
    pause: async ({ worker, ...place }) => ({ done: (await desk.controlsOf(place)).pause(worker) }),
    unpause: async ({ worker, ...place }) => ({ done: (await desk.controlsOf(place)).unpause(worker) }),
    abortJob: async ({ job, ...place }) => ({ done: (await desk.controlsOf(place)).abortJob(job) }),
    stop: async ({ when, resumable, ...place }) => ({ done: await desk.stop(place, when, resumable) }),
  };
}

const describeStart = ({
  runId,
  warnings,
}: StartedRun): { run: string; warnings: StartedRun['warnings'][number][] } => ({
  run: runId,
  warnings: [...warnings],
});

async function* followActivity(desk: RunDesk, clock: Clock, signal: AbortSignal): AsyncGenerator<RunHead[]> {
  const shortestMs = 500;
  let wake = (): void => undefined;
  let isNew = true;
  const end = desk.onActivity(() => {
    isNew = true;
    wake();
  });
  try {
    while (!signal.aborted) {
      if (isNew) {
        isNew = false;
        yield await desk.active();
        await pause(clock, shortestMs, signal);
      } else
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
    }
  } finally {
    end();
  }
}

async function* followMachine(
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<Awaited<ReturnType<MachineMeter['read']>>> {
  const meter = new MachineMeter();
  // A first share of busy time needs two looks.
  await pause(clock, 300, signal);
  while (!signal.aborted) {
    yield await meter.read(new Date(clock.now()));
    await pause(clock, MACHINE_POLL_MS, signal);
  }
}
