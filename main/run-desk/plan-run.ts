import { readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunForm, RunPlan } from '../../common/api/runs.ts';
import { FaultError, unwrap, type Fault } from '../../common/fault.ts';
import { isJsonObject, type Json } from '../../common/json.ts';
import { parseSetArguments } from '../../common/mmar/set-arguments.ts';
import { countCombinations } from '../../common/search-space/count-combinations.ts';
import type { SearchSpace } from '../../common/search-space/search-space.ts';
import { requireWritePlaces } from '../automl/check-write-places.ts';
import { checkSearch } from '../automl/check-search.ts';
import { findWorkFolder } from '../automl/find-runs.ts';
import { readMmarHandlerArgs } from '../automl/make-components.ts';
import { findRunId } from '../automl/open-run.ts';
import { prepareRun, type PreparedRun } from '../automl/prepare-run.ts';
import { readSearchSpaceOf } from '../automl/read-search.ts';
import { nameOf } from '../automl/run-identity.ts';
import type { RunPorts, RunRequest } from '../automl/run-request.ts';
import { createController } from '../controllers/registry.ts';
import { folderExists } from '../node/folder-exists.ts';
import { shareThreads } from '../scheduler/worker-pool.ts';
import { estimateFromContent, estimateFromRuns } from './estimate-costs.ts';

const AUTOML_CONFIG = /^config_automl.*\.json$/;

/**
 * What a run would do, and everything that would keep it from starting. Nothing is written.
 *
 * @param mmarRoot absolute path
 * @param writeTo folders outside of it, absolute, that its configs may write into
 */
export async function planRun(
  mmarRoot: string,
  form: RunForm,
  ports: RunPorts,
  writeTo: readonly string[] = [],
): Promise<RunPlan> {
  const request = { ...makeRequest(mmarRoot, form), writeTo };
  const faults: Fault[] = [];
  const collect = async <T>(work: () => Promise<T> | T): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      faults.push(...error.faults);
      return undefined;
    }
  };
  const run = await nameRun(mmarRoot, form);
  const prepared = await collect(() => prepareRun(request, request.overrides, ports));
  const warnings = prepared === undefined ? [] : ((await collect(() => checkSearch(request, ports))) ?? []);
  if (prepared !== undefined) await collect(() => requireWritePlaces(request, prepared.config));
  if (run.isTaken) faults.push(takenName(run.name));
  const isOwnTrainer = prepared?.config.executor.name === 'MMARExecutor';
  const space = prepared === undefined ? undefined : await readSpace(prepared, isOwnTrainer);
  const planned = space === undefined ? undefined : await countPlanned(prepared!, space, form.seed ?? 0);
  const gpus = await ports.devices.listGpus();
  const needsTrust = prepared !== undefined && usesOwnCode(prepared);
  if (needsTrust && form.trust !== true) faults.push(notTrusted(prepared));
  return {
    run: run.name,
    automlConfs: await listAutomlConfigs(mmarRoot),
    ...describeSearch(prepared, space, planned),
    workers: describeWorkers(prepared),
    gpus: gpus.map(({ id, name }) => ({ id, name })),
    ...(await describeCosts(mmarRoot, prepared, planned, ports)),
    defaults: describeDefaults(prepared),
    needsTrust,
    faults: withoutRepeats(faults),
    warnings: [...warnings],
  };
}

/** The run that a form describes. */
export function makeRequest(mmarRoot: string, form: RunForm): RunRequest {
  const words = [
    ...(form.run === undefined ? [] : [`run_id=${form.run}`]),
    ...(form.workers === undefined ? [] : [`workers=${form.workers}`]),
  ];
  return {
    mmarRoot,
    overrides: unwrap(parseSetArguments(words)),
    trust: form.trust ?? false,
    ...(form.automlConf === undefined ? {} : { automlConf: form.automlConf }),
  };
}

async function nameRun(mmarRoot: string, form: RunForm): Promise<{ name: string; isTaken: boolean }> {
  const folder = await findWorkFolder(mmarRoot, form.automlConf);
  if (form.run === undefined) return { name: await findRunId(folder, false), isTaken: false };
  return { name: form.run, isTaken: await folderExists(join(folder, form.run)) };
}

function takenName(name: string): Fault {
  return {
    code: 'already-exists',
    file: name,
    argument: 'run_id',
    message: 'There is a run of this name already.',
    allowed: 'another name, or to resume that run',
  };
}

async function readSpace(prepared: PreparedRun, isOwnTrainer: boolean): Promise<SearchSpace | undefined> {
  try {
    return readSearchSpaceOf(prepared.mmar, isOwnTrainer);
  } catch (error) {
    // What is wrong with it stands among the faults already.
    if (error instanceof FaultError) return undefined;
    throw error;
  }
}

function describeSearch(
  prepared: PreparedRun | undefined,
  space: SearchSpace | undefined,
  planned: number | undefined,
): Pick<RunPlan, 'controller' | 'executor' | 'parameters' | 'jobs' | 'stopScore' | 'jobsKept'> {
  const possible = space === undefined ? null : countCombinations(space).jobs;
  if (prepared === undefined) return { parameters: 0, jobs: { possible } };
  const { config } = prepared;
  const { stop_threshold: stopScore, num_mmars_to_keep: jobsKept } = readMmarHandlerArgs(config);
  return {
    controller: nameOf(config.controller),
    executor: nameOf(config.executor),
    parameters: space?.parameters.length ?? 0,
    jobs: { possible, ...(planned === undefined ? {} : { planned }) },
    ...(stopScore === undefined ? {} : { stopScore }),
    ...(jobsKept === undefined ? {} : { jobsKept }),
  };
}

/** As many jobs as a built-in controller means to try. The MMAR's own controllers run in a run only. */
async function countPlanned(
  { config, workers }: PreparedRun,
  space: SearchSpace,
  seed: number,
): Promise<number | undefined> {
  const node = config.controller;
  if (node.path !== undefined) return undefined;
  const made = createController(node.name, JSON.parse(JSON.stringify(node.args)));
  if (!made.ok) return undefined;
  const controller = made.value;
  try {
    await controller.setSearchSpace({ space, seed, numWorkers: workers.length });
    const first = await controller.initialRecommendation();
    return controller.plannedJobs?.() ?? (first.length === 0 ? 0 : undefined);
  } catch (error) {
    if (error instanceof FaultError) return undefined;
    throw error;
  } finally {
    await controller.shutdown();
  }
}

function describeDefaults(prepared: PreparedRun | undefined): RunPlan['defaults'] {
  const { workers, maxJobRunTime, maxSysRunTime } = prepared?.config.engine ?? {};
  return {
    ...(workers === undefined ? {} : { workers }),
    ...(maxJobRunTime === undefined ? {} : { maxJobSeconds: maxJobRunTime }),
    ...(maxSysRunTime === undefined ? {} : { maxRunSeconds: maxSysRunTime }),
  };
}

function describeWorkers(prepared: PreparedRun | undefined): RunPlan['workers'] {
  if (prepared === undefined) return [];
  const { workers, cores } = prepared;
  const threads = shareThreads(cores, workers.length);
  return workers.map(({ name, devices }) => ({ name, devices: [...devices], threads }));
}

type Costs = Pick<RunPlan, 'secondsPerJob' | 'secondsInAll' | 'bytesPerJob' | 'bytesInAll' | 'freeBytes'>;

async function describeCosts(
  mmarRoot: string,
  prepared: PreparedRun | undefined,
  planned: number | undefined,
  ports: RunPorts,
): Promise<Costs> {
  const { bavail, bsize } = await statfs(mmarRoot);
  const freeBytes = bavail * bsize;
  if (prepared === undefined) return { freeBytes };
  const { secondsPerJob, bytesPerJob = await estimateFromContent(mmarRoot) } = await estimateFromRuns(
    mmarRoot,
    ports,
  );
  const { config, workers } = prepared;
  const { num_mmars_to_keep: kept } = readMmarHandlerArgs(config);
  return {
    freeBytes,
    bytesPerJob,
    ...(secondsPerJob === undefined ? {} : { secondsPerJob }),
    ...(planned === undefined || secondsPerJob === undefined
      ? {}
      : { secondsInAll: Math.ceil(planned / workers.length) * secondsPerJob.value }),
    // and the copy of the best one
    ...(planned === undefined
      ? {}
      : { bytesInAll: (Math.min(planned, (kept ?? planned) + workers.length) + 1) * bytesPerJob.value }),
  };
}

function usesOwnCode({ config, mmar }: PreparedRun): boolean {
  const { controller, executor, handlers } = config;
  const isOwn = [controller, executor, ...handlers].some(({ path }) => path !== undefined);
  return isOwn || namesOwnComponent(mmar.trainConfig);
}

/** A component by `path` anywhere in a config. */
function namesOwnComponent(json: Json): boolean {
  if (Array.isArray(json)) return json.some(namesOwnComponent);
  if (!isJsonObject(json)) return false;
  const isComponent = typeof json.path === 'string' && (isJsonObject(json.args) || json.args === undefined);
  if (isComponent && json.name === undefined && Object.keys(json).length <= 4) return true;
  return Object.values(json).some((value) => value !== undefined && namesOwnComponent(value));
}

function notTrusted({ config, mmar }: PreparedRun): Fault {
  const own = [config.controller, config.executor, ...config.handlers].find(({ path }) => path !== undefined);
  return {
    code: 'not-trusted',
    file: own === undefined ? mmar.trainConfigFile : config.file,
    ...(own === undefined ? {} : { path: own.at }),
    message: "The search runs code of the MMAR's own, which is run only when you trust it.",
    allowed: 'to trust the MMAR, after you have read the code in its folder custom/',
  };
}

async function listAutomlConfigs(mmarRoot: string): Promise<string[]> {
  const names = await readdir(join(mmarRoot, 'config')).catch(() => []);
  return names.filter((name) => AUTOML_CONFIG.test(name)).toSorted();
}

function withoutRepeats(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}
