import { resolve } from 'node:path';
import { unwrap } from '../../common/fault.ts';
import { resolveAutomlConfig, type ResolvedAutomlConfig } from '../../common/mmar/config-automl.ts';
import type { SetArguments } from '../../common/mmar/set-arguments.ts';
import { parseWorkers, type WorkerConfig } from '../scheduler/parse-workers.ts';
import { readMmarHandlerArgs } from './make-components.ts';
import type { RunPorts, RunRequest } from './run-request.ts';
import { readRunSettings, type RunSettings } from './run-settings.ts';
import { withTracking } from './tracked-run.ts';
import { readMmarEnvironment, readSearchedMmar, readText, type SearchedMmar } from './searched-mmar.ts';

/** Everything that a run is started with, read and checked; nothing has been written yet. */
export interface PreparedRun {
  readonly overrides: SetArguments;
  readonly settings: RunSettings;
  readonly config: ResolvedAutomlConfig;
  readonly mmar: SearchedMmar;
  readonly workers: readonly WorkerConfig[];
  readonly cores: number;
}

/** Reads config_automl.json, the train config and the environment, and finds the workers' devices. */
export async function prepareRun(
  request: RunRequest,
  overrides: SetArguments,
  { devices }: Pick<RunPorts, 'devices'>,
): Promise<PreparedRun> {
  // What was typed wrong is told before what a file says wrong.
  readRunSettings(overrides);
  const config = withTracking(await readAutomlConfig(request, overrides), request.tracking);
  const settings = readRunSettings(overrides, config.engine);
  const mmar = await readSearchedMmar(request.mmarRoot, readMmarHandlerArgs(config).train_config_file);
  const workers = unwrap(parseWorkers(settings.workers, await devices.listGpus()));
  return { overrides, settings, config, mmar, workers, cores: devices.countCores() };
}

/** The search's own config, with `--set` filled in. */
export async function readAutomlConfig(
  { mmarRoot, automlConf = 'config_automl.json' }: RunRequest,
  overrides: SetArguments,
): Promise<ResolvedAutomlConfig> {
  const file = `config/${automlConf}`;
  return unwrap(
    resolveAutomlConfig({
      config: await readText(mmarRoot, file),
      file,
      environment: await readMmarEnvironment(mmarRoot),
      overrides: overrides.values,
      mmarRoot,
      joinPath: resolve,
    }),
  );
}
