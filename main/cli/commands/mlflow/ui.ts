import type { Command } from 'commander';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FaultError } from '../../../../common/fault.ts';
import {
  findInstalledMlflow,
  startMlflowServer,
  type InstalledMlflow,
} from '../../../mlflow/installed-mlflow.ts';
import { PINNED_MLFLOW } from '../../../mlflow/store/schema.ts';
import { openTrackingStore } from '../../../mlflow/store/tracking-store.ts';
import { signalGroup } from '../../../node/process-group.ts';
import { EXIT, type SetExitCode } from '../../exit-code.ts';
import type { Output } from '../../output.ts';
import { parsePort } from '../../parse-port.ts';
import { untilStopped } from '../../until-stopped.ts';
import { chooseStoreFolder } from './store-folder.ts';

interface UiOptions {
  readonly port: string;
  readonly store?: string;
  readonly python?: string;
  readonly copy?: boolean;
}

const GRACE_MS = 5000;

/** `outerloop mlflow ui`: MLflow's own pages on the same database, where an MLflow is installed. */
export function addMlflowUi(mlflow: Command, output: Output, setExitCode: SetExitCode): void {
  mlflow
    .command('ui')
    .description("MLflow's own pages on the same store, where a Python with MLflow is installed")
    .option('--port <number>', 'where the pages are', '5000')
    .option('--store <folder>', "the tracking store (default: the user's own)")
    .option('--python <program>', 'the Python that has MLflow (default: python3, python)')
    .option('--copy', 'show a copy of the database: for an MLflow of another version, which would change it')
    .action(async (options: UiOptions) => {
      const installed = findMlflow(options.python);
      if (installed.version !== PINNED_MLFLOW && options.copy !== true) throw otherVersion(installed.version);
      const folder = chooseStoreFolder(options.store);
      const scratch = await mkdtemp(join(tmpdir(), 'outerloop-mlflow-'));
      try {
        const database = prepareDatabase(folder, options.copy === true ? scratch : undefined);
        setExitCode(
          await showPages(installed, database, join(folder, 'artifacts'), parsePort(options.port)!, output),
        );
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    });
}

function findMlflow(named: string | undefined): InstalledMlflow {
  const found = findInstalledMlflow(named === undefined ? ['python3', 'python'] : [named]);
  if (found !== undefined) return found;
  throw new FaultError({
    code: 'file-missing',
    message: `No MLflow is installed for ${named ?? 'python3 or python'}. The program needs none; only MLflow's own pages do.`,
    argument: '--python',
    allowed: `a Python with MLflow: pip install mlflow==${PINNED_MLFLOW}`,
  });
}

function otherVersion(version: string): FaultError {
  return new FaultError({
    code: 'store-revision',
    message: `The installed MLflow is ${version}: it may refuse the database or change it so that this program can only read it.`,
    allowed: `MLflow ${PINNED_MLFLOW}, or --copy, which leaves the database as it is`,
  });
}

/** The database that is shown: the store's own, made where there is none, or a copy in another folder. */
function prepareDatabase(folder: string, copyTo: string | undefined): string {
  const store = openTrackingStore(folder);
  try {
    if (copyTo === undefined) return store.databaseFile;
    const copy = join(copyTo, 'mlflow.db');
    store.copyDatabase(copy);
    return copy;
  } finally {
    store.close();
  }
}

async function showPages(
  installed: InstalledMlflow,
  database: string,
  artifacts: string,
  port: number,
  output: Output,
): Promise<number> {
  output.line(
    `MLflow ${installed.version} starts; its pages will be at http://127.0.0.1:${port}. Ctrl-C stops it.`,
  );
  const child = startMlflowServer(installed, { database, artifacts, port });
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(EXIT.failed));
    child.once('exit', (code) => resolve(code === 0 ? EXIT.ok : EXIT.failed));
  });
  const first = await Promise.race([ended, untilStopped()]);
  if (first !== undefined) return first;
  if (child.pid !== undefined) {
    signalGroup(child.pid, 'SIGTERM');
    await Promise.race([ended, sleep(GRACE_MS, undefined, { ref: false })]);
    signalGroup(child.pid, 'SIGKILL');
  }
  return EXIT.ok;
}
