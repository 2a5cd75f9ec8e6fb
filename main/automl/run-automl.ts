import { resolve } from 'node:path';
import type { Fault } from '../../common/fault.ts';
import { rankJobs } from '../../common/run/rank-jobs.ts';
import type { RunControls } from '../../common/run/run-controls.ts';
import type { RunObservation, RunSummary } from '../../common/run/run-observation.ts';
import { Engine } from '../engine/engine.ts';
import { mayRun, takeCodeSnapshot } from './code-snapshot.ts';
import { makeSetup } from './make-setup.ts';
import { findCreation, type OpenRun } from './open-run.ts';
import { openSearch } from './open-search.ts';
import type { PreparedRun } from './prepare-run.ts';
import { refuseChangedCode } from './run-identity.ts';
import { nodePorts, type RunPorts, type RunRequest } from './run-request.ts';
import { keepSearchedConfigs } from './searched-configs.ts';
import { heedStopRequests } from './stop-request.ts';
import { openTrace } from './trace-writer.ts';

/** A run that has begun. */
export interface StartedRun {
  readonly runId: string;
  /** Absolute path. */
  readonly runFolder: string;
  /** What the checks before the first job found that does not keep it from training. */
  readonly warnings: readonly Fault[];
  /** What can be asked of it while it goes on. */
  readonly controls: RunControls;
  /** Settles when it has ended. Rejects with a FaultError when the outer loop itself cannot go on. */
  readonly end: Promise<RunSummary>;
}

/**
 * Runs a search over an MMAR, or goes on with one: Clara's `medl.apps.automl.train`.
 *
 * @throws FaultError for everything that is wrong with the configs, the data, the workers, the run's name or the disk. A
 *   new run that fails before its first job leaves no folder behind.
 */
export async function runAutoml(request: RunRequest): Promise<RunSummary> {
  return (await startAutoml(request)).end;
}

/**
 * As {@link runAutoml}, but settles as soon as everything is checked and the run has its folder.
 *
 * @throws FaultError for everything that keeps the run from starting
 */
export async function startAutoml(request: RunRequest): Promise<StartedRun> {
  const ports: RunPorts = { ...nodePorts, ...request.ports };
  const { run, prepared, warnings } = await openSearch(request, ports);
  let jobsStarted = run.history !== undefined;
  const observe = (observation: RunObservation): void => {
    jobsStarted ||= observation.type === 'job';
    request.observe?.(observation);
  };
  const giveUp = async (error: unknown): Promise<never> => {
    // What went wrong is reported; closing can only fail for the same reason.
    await run.close().catch(() => undefined);
    if (!jobsStarted) await run.discard();
    throw error;
  };
  const carriedOut = await carryOut({ ...request, observe }, ports, prepared, run).catch(giveUp);
  const end = carriedOut.end
    .then(async (summary) => {
      await run.close();
      return summary;
    })
    .catch(giveUp);
  // Whoever waits for the end hears of a failure; nobody has to.
  end.catch(() => undefined);
  const { runId, controls } = carriedOut;
  return { runId, runFolder: run.root, warnings, controls, end };
}

/** Makes the engine and starts it. */
async function carryOut(
  request: RunRequest,
  ports: RunPorts,
  prepared: PreparedRun,
  run: OpenRun,
): Promise<Pick<StartedRun, 'runId' | 'controls' | 'end'>> {
  const { mmarRoot, observe = () => undefined } = request;
  const before = findCreation(run.history?.entries ?? [])?.identity;
  const code = await takeCodeSnapshot(mmarRoot, run.root, (found) => {
    // the copy in a run's folder may be all that is left of its code
    if (before !== undefined) refuseChangedCode(before, found);
  });
  const trusted = mayRun(code, request.trust);
  const userCode = trusted
    ? ports.openUserCode?.({ mmarRoot, codeRoot: code.root, runRoot: run.root })
    : undefined;
  const trace = openTrace(
    resolve(run.root, prepared.settings.traceFile),
    prepared.settings.traceOut,
    ports.clock,
    (issuer, text) => observe({ type: 'trace', issuer, text }),
  );
  const close = async (): Promise<void> => {
    await trace.close();
    await userCode?.close();
  };
  try {
    const setup = await makeSetup({ request, ports, prepared, run, code, trusted, userCode, trace });
    await keepSearchedConfigs(prepared, run.root);
    const engine = new Engine(setup);
    const { runId } = setup.identity;
    const end = summarize(engine, request, ports, { runId, runFolder: run.root }).finally(close);
    return { runId, controls: engine.controls, end };
  } catch (error) {
    await close();
    throw error;
  }
}

async function summarize(
  engine: Engine,
  request: RunRequest,
  { clock }: RunPorts,
  run: Pick<RunSummary, 'runId' | 'runFolder'>,
): Promise<RunSummary> {
  const startedAt = clock.now();
  const end = await runEngine(engine, run.runFolder, request.stop);
  return {
    ...end,
    ...run,
    resumable: end.status === 'interrupted',
    jobs: rankJobs(end.jobs),
    seconds: (clock.now() - startedAt) / 1000,
  };
}

async function runEngine(
  engine: Engine,
  runRoot: string,
  stop: AbortSignal | undefined,
): ReturnType<Engine['run']> {
  const onStop = (): void => void engine.controls.stop();
  if (stop?.aborted === true) onStop();
  stop?.addEventListener('abort', onStop);
  const endHeeding = heedStopRequests(runRoot, engine.controls);
  try {
    return await engine.run();
  } finally {
    endHeeding();
    stop?.removeEventListener('abort', onStop);
  }
}
