import { resolve } from 'node:path';
import { FaultError, type Fault } from '../../common/fault.ts';
import { checkMmar } from '../mmar/check/check-mmar.ts';
import { readMmarHandlerArgs } from './make-components.ts';
import { readAutomlConfig } from './prepare-run.ts';
import { nodePorts, type RunPorts, type RunRequest } from './run-request.ts';
import { findUnusedSettings } from './run-settings.ts';
import { readText } from './searched-mmar.ts';

/**
 * Checks everything about a search before its first job, every choice of its space included, so that no run starts that
 * cannot train. A site's own trainer may know components that we do not: for CommandExecutor its command, the search
 * and the machine are checked, and what our own trainer would refuse is a warning where the command seems to call it; for
 * an executor by path only what the run itself needs.
 *
 * @returns warnings
 * @throws FaultError with everything that is wrong
 */
export async function checkSearch(
  request: RunRequest,
  ports: Pick<RunPorts, 'devices'> = { ...nodePorts, ...request.ports },
): Promise<readonly Fault[]> {
  const { mmarRoot, automlConf = 'config_automl.json', overrides, writeTo = [] } = request;
  const config = await readAutomlConfig(request, overrides);
  const unused = findUnusedSettings(overrides, await readText(mmarRoot, config.file));
  if (config.executor.path !== undefined) return unused;
  const devices = await ports.devices.listGpus();
  const { faults, warnings } = await checkMmar(mmarRoot, {
    automlConfig: `config/${automlConf}`,
    overrides,
    devices,
    writeTo,
    outputFolder: resolve(mmarRoot, readMmarHandlerArgs(config).work_dir),
  });
  if (faults.length > 0) throw new FaultError(...faults);
  return [...unused, ...warnings];
}
