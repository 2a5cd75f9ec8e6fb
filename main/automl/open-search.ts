import { resolve } from 'node:path';
import type { Fault } from '../../common/fault.ts';
import { requireWritePlaces } from './check-write-places.ts';
import { checkSearch } from './check-search.ts';
import { readMmarHandlerArgs } from './make-components.ts';
import { AUTOML_CONF } from './make-setup.ts';
import { createRun, findCreation, findRunId, reopenRun, type OpenRun } from './open-run.ts';
import { prepareRun, readAutomlConfig, type PreparedRun } from './prepare-run.ts';
import type { RunPorts, RunRequest } from './run-request.ts';
import { mergeSetArguments, readRunSettings } from './run-settings.ts';

/** A run to be carried out: checked, with its folder. */
export interface OpenedSearch {
  readonly run: OpenRun;
  readonly prepared: PreparedRun;
  readonly warnings: readonly Fault[];
}

/** A new run is checked before its folder is made; a resumed one begins with what its journal says. */
export async function openSearch(request: RunRequest, ports: RunPorts): Promise<OpenedSearch> {
  const { mmarRoot, overrides, resume = false } = request;
  const config = await readAutomlConfig(request, overrides);
  const workFolder = resolve(mmarRoot, readMmarHandlerArgs(config).work_dir);
  await requireWritePlaces(request, config);
  const runId = readRunSettings(overrides).runId ?? (await findRunId(workFolder, resume));
  const place = { mmarRoot, workFolder, runId };
  if (!resume) {
    const prepared = await prepareRun(request, overrides, ports);
    const warnings = await checkSearch(request, ports);
    return { run: await createRun(place, ports), prepared, warnings };
  }
  const run = await reopenRun(place, ports);
  try {
    const { [AUTOML_CONF]: automlConf, ...before } = findCreation(run.history?.entries ?? [])?.settings ?? {};
    const again = {
      ...(typeof automlConf === 'string' ? { automlConf } : {}),
      ...request,
      overrides: mergeSetArguments(before, overrides),
    };
    const prepared = await prepareRun(again, again.overrides, ports);
    return { run, prepared, warnings: await checkSearch(again, ports) };
  } catch (error) {
    await run.close();
    throw error;
  }
}
