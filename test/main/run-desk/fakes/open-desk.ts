import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mmarId } from '../../../../common/api/ids.ts';
import { FaultError } from '../../../../common/fault.ts';
import { nodePorts, type RunPorts } from '../../../../main/automl/run-request.ts';
import { TrustStore } from '../../../../main/mmar/trust/trust-store.ts';
import { RunDesk } from '../../../../main/run-desk/run-desk.ts';
import { createRunsService } from '../../../../main/services/runs.ts';
import { makeTrainableMmar, type AutomlChanges } from '../../automl/programs/make-mmar.ts';
import { makeScriptedLauncher, type Script } from './scripted-launcher.ts';

export const MMAR = mmarId.parse('mmar0001');

/** A search of six jobs. */
export const SIX_JOBS: AutomlChanges = {
  controller: { name: 'RandomController', args: { max_rounds: 6 } },
};

/** A trainable MMAR with scripted trainers, and a desk and a service over it. */
export async function openDesk(script: Script = {}, changes: AutomlChanges = SIX_JOBS) {
  const root = await makeTrainableMmar(changes);
  const launcher = makeScriptedLauncher(script);
  const ports: RunPorts = {
    ...nodePorts,
    launcher,
    devices: { listGpus: async () => [], countCores: () => 4 },
  };
  const said: { title: string; text: string }[] = [];
  const awake = { now: 0, ever: 0 };
  const desktop = {
    abilities: { dialogs: false, reveal: false, trash: false, notifications: true },
    notify: async (notification: { title: string; text: string }) => void said.push(notification),
    keepAwake: () => {
      awake.now++;
      awake.ever++;
      return () => void awake.now--;
    },
    trash: async () => undefined,
  };
  const folderOf = (asked: string): string => {
    if (asked === MMAR) return root;
    throw new FaultError({ code: 'file-missing', message: 'no such MMAR' });
  };
  const trust = new TrustStore(join(dirname(root), 'trust.jsonl'));
  const trustedCode = (folder: string) => trust.trustedCode(folder);
  const writeTo: string[] = [];
  const makeDesk = () => {
    const desk = new RunDesk({ folderOf, desktop, ports, trustedCode, writePlaces: async () => writeTo });
    return { desk, service: createRunsService({ desk, folderOf, ports }) };
  };
  const dispose = async (desk: RunDesk): Promise<void> => {
    await desk.dispose();
    rmSync(dirname(root), { recursive: true, force: true });
  };
  return {
    root,
    launcher,
    ports,
    trust,
    trustedCode,
    writeTo,
    said,
    awake,
    makeDesk,
    ...makeDesk(),
    dispose,
  };
}
