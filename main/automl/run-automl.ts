import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { contextKey } from '../../common/run/context-key.ts';
import type { RunHost } from '../../common/run/journal-event.ts';
import { rankJobs } from '../../common/run/rank-jobs.ts';
import type { RunObservation, RunSummary } from '../../common/run/run-observation.ts';
import { Engine } from '../engine/engine.ts';
import type { EngineSetup } from '../engine/engine-setup.ts';
import { programVersion } from '../node/program-version.ts';
import type { UserCode } from '../ports/user-code.ts';
import { WorkerPool } from '../scheduler/worker-pool.ts';
import { makeComponents, readMmarHandlerArgs } from './make-components.ts';
import { createRun, findCreation, findRunId, reopenRun, type OpenRun } from './open-run.ts';
import { prepareRun, readAutomlConfig, type PreparedRun } from './prepare-run.ts';
import { describeIdentity, refuseChangedRun } from './run-identity.ts';
import { nodePorts, type RunPorts, type RunRequest } from './run-request.ts';
import { mergeSetArguments, readRunSettings } from './run-settings.ts';
import { openTrace, type TraceWriter } from './trace-writer.ts';

/** Seeds are 32-bit, as the random sources that they start. */
const SEEDS = 2 ** 32;
/** Among the settings in the journal: the file that `--automlconf` named. */
const AUTOML_CONF = '--automlconf';

/**
 * Runs a search over an MMAR, or goes on with one: Clara's `medl.apps.automl.train`.
 *
 * @throws FaultError for everything that is wrong with the configs, the workers, the run's name or the disk. A new run
 *   that fails before its first job leaves no folder behind.
 */
export async function runAutoml(request: RunRequest): Promise<RunSummary> {
  const ports: RunPorts = { ...nodePorts, ...request.ports };
  const { run, prepared } = await openRun(request, ports);
  let jobsStarted = run.history !== undefined;
  const observe = (observation: RunObservation): void => {
    jobsStarted ||= observation.type === 'job';
    request.observe?.(observation);
  };
  try {
    const summary = await carryOut({ ...request, observe }, ports, prepared, run);
    await run.close();
    return summary;
  } catch (error) {
    // What went wrong is reported; closing can only fail for the same reason.
    await run.close().catch(() => undefined);
    if (!jobsStarted) await run.discard();
    throw error;
  }
}

/** A new run is checked before its folder is made; a resumed one begins with what its journal says. */
async function openRun(
  request: RunRequest,
  ports: RunPorts,
): Promise<{ readonly run: OpenRun; readonly prepared: PreparedRun }> {
  const { mmarRoot, overrides, resume = false } = request;
  const config = await readAutomlConfig(request, overrides);
  const workFolder = resolve(mmarRoot, readMmarHandlerArgs(config).work_dir);
  const runId = readRunSettings(overrides).runId ?? (await findRunId(workFolder, resume));
  const place = { mmarRoot, workFolder, runId };
  if (!resume) {
    const prepared = await prepareRun(request, overrides, ports);
    return { run: await createRun(place, ports), prepared };
  }
  const run = await reopenRun(place, ports);
  try {
    const { [AUTOML_CONF]: automlConf, ...before } = findCreation(run.history?.entries ?? [])?.settings ?? {};
    const again = typeof automlConf === 'string' ? { automlConf, ...request } : request;
    return { run, prepared: await prepareRun(again, mergeSetArguments(before, overrides), ports) };
  } catch (error) {
    await run.close();
    throw error;
  }
}

async function carryOut(
  request: RunRequest,
  ports: RunPorts,
  prepared: PreparedRun,
  run: OpenRun,
): Promise<RunSummary> {
  const { mmarRoot, observe = () => undefined } = request;
  const startedAt = ports.clock.now();
  const trusted = request.trust === true || isTrusted(run);
  const userCode = trusted ? ports.openUserCode?.(mmarRoot, run.root) : undefined;
  const trace = openTrace(
    resolve(run.root, prepared.settings.traceFile),
    prepared.settings.traceOut,
    ports.clock,
    (issuer, text) => observe({ type: 'trace', issuer, text }),
  );
  try {
    const setup = await makeSetup({ request, ports, prepared, run, trusted, userCode, trace });
    const end = await runEngine(new Engine(setup), request.stop);
    return {
      ...end,
      runId: setup.identity.runId,
      runFolder: run.root,
      resumable: end.status === 'interrupted',
      jobs: rankJobs(end.jobs),
      seconds: (ports.clock.now() - startedAt) / 1000,
    };
  } finally {
    await trace.close();
    await userCode?.close();
  }
}

interface SetupParts {
  readonly request: RunRequest;
  readonly ports: RunPorts;
  readonly prepared: PreparedRun;
  readonly run: OpenRun;
  readonly trusted: boolean;
  readonly userCode: UserCode | undefined;
  readonly trace: TraceWriter;
}

async function makeSetup(parts: SetupParts): Promise<EngineSetup> {
  const { request, ports, prepared, run, trusted, userCode, trace } = parts;
  const { config, mmar, settings, workers, cores } = prepared;
  const before = findCreation(run.history?.entries ?? [])?.identity;
  const now = await describeIdentity(mmar, config, {
    runId: before?.runId ?? resolve(run.root).split(/[\\/]/).at(-1)!,
    seed: request.seed ?? before?.seed ?? randomInt(SEEDS),
    numWorkers: before?.numWorkers ?? workers.length,
    trusted,
  });
  if (before !== undefined) refuseChangedRun(before, now);
  const components = await makeComponents({ config, mmar, runRoot: run.root, ports, userCode });
  return {
    identity: before ?? now,
    host: describeHost(ports, settings.workers),
    settings: { [AUTOML_CONF]: config.file.slice('config/'.length), ...prepared.overrides.texts },
    ...components,
    scheduler: new WorkerPool(workers, cores),
    journal: run.journal,
    ...(run.history === undefined ? {} : { history: run.history }),
    clock: ports.clock,
    limits: settings.limits,
    properties: {
      [contextKey.mmarRoot]: mmar.root,
      [contextKey.runRoot]: run.root,
      [contextKey.runId]: now.runId,
      [contextKey.seed]: now.seed,
      [contextKey.traceDestType]: settings.traceOut,
      [contextKey.traceDestFile]: settings.traceFile,
    },
    observe: (observation) => {
      trace.observe(observation);
      request.observe?.(observation);
    },
    trace: trace.trace,
  };
}

/** Who trusted the code when the run was made trusts the same code now: its digest is compared. */
function isTrusted(run: OpenRun): boolean {
  return findCreation(run.history?.entries ?? [])?.identity.trusted === true;
}

function describeHost({ processes }: RunPorts, workers: string): RunHost {
  const { node } = process.versions;
  return {
    versions: { outerloop: programVersion(), node, platform: `${process.platform}-${process.arch}` },
    workers,
    pid: processes.self().pid,
  };
}

async function runEngine(engine: Engine, stop: AbortSignal | undefined): ReturnType<Engine['run']> {
  const onStop = (): void =>
    engine.stop({ issuer: 'user', reason: 'it was stopped by the user', resumable: true });
  if (stop?.aborted === true) onStop();
  stop?.addEventListener('abort', onStop);
  try {
    return await engine.run();
  } finally {
    stop?.removeEventListener('abort', onStop);
  }
}
