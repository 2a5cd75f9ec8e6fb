import type { Command } from 'commander';
import { randomBytes } from 'node:crypto';
import { formatFault } from '../../../../common/fault.ts';
import { startTrackingServer } from '../../../mlflow/server/tracking-server.ts';
import { openTrackingStore } from '../../../mlflow/store/tracking-store.ts';
import type { Output } from '../../output.ts';
import { parsePort } from '../../parse-port.ts';
import { untilStopped } from '../../until-stopped.ts';
import { describeServer } from './describe-server.ts';
import { chooseStoreFolder } from './store-folder.ts';

interface ServeOptions {
  readonly port?: string;
  readonly store?: string;
  /** False with --no-token; a text is the name of the variable that holds it. */
  readonly token: boolean;
  readonly tokenFromEnv?: string;
  readonly json?: boolean;
}

/** `outerloop mlflow serve`: MLflow's REST protocol on the embedded store, for every MLflow client of this machine. */
export function addMlflowServe(mlflow: Command, output: Output): void {
  mlflow
    .command('serve')
    .description('answer MLflow clients of this machine: prints the address and the token')
    .option('--port <number>', 'default: one that is free')
    .option('--store <folder>', "the tracking store (default: the user's own)")
    .option('--no-token', 'let every program and user of this machine in')
    .option('--token-from-env <name>', 'take the token from this variable instead of making one')
    .option('--json', 'print {"url","token","pid","store"} on one line, for programs')
    .action(async (options: ServeOptions) => {
      const folder = chooseStoreFolder(options.store);
      const store = openTrackingStore(folder);
      try {
        if (store.readOnly !== undefined)
          output.note(`warning: ${formatFault(store.readOnly)} It is served for reading.`);
        const token = chooseToken(options);
        const server = await startTrackingServer({
          store,
          port: parsePort(options.port),
          token,
          onDefect: (error) => output.note(`error: ${error instanceof Error ? error.stack : String(error)}`),
        });
        output.line(
          options.json === true
            ? JSON.stringify({ url: server.url, token: token ?? null, pid: process.pid, store: folder })
            : describeServer({ url: server.url, token, folder }),
        );
        await untilStopped();
        await server.close();
      } finally {
        store.close();
      }
    });
}

function chooseToken({ token, tokenFromEnv }: ServeOptions): string | undefined {
  if (!token) return undefined;
  const given = tokenFromEnv === undefined ? '' : (process.env[tokenFromEnv] ?? '');
  return given === '' ? randomBytes(24).toString('base64url') : given;
}
