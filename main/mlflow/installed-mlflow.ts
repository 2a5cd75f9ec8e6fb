import { execFileSync, spawn, type ChildProcess } from 'node:child_process';

/** A real MLflow on this machine. */
export interface InstalledMlflow {
  /** The Python that has it. */
  readonly python: string;
  readonly version: string;
}

/** Nothing that MLflow starts may send anything home or start jobs of its own. */
const QUIET_ENVIRONMENT = {
  MLFLOW_DISABLE_TELEMETRY: 'true',
  DO_NOT_TRACK: 'true',
  MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
};

/** The MLflow of the first of these Pythons that has one; undefined where none has. */
export function findInstalledMlflow(pythons: readonly string[]): InstalledMlflow | undefined {
  for (const python of pythons) {
    try {
      const version = execFileSync(
        python,
        ['-c', 'from importlib.metadata import version; print(version("mlflow"))'],
        {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
          windowsHide: true,
        },
      ).trim();
      return { python, version };
    } catch {
      // no such Python, or none with MLflow
    }
  }
  return undefined;
}

/** Starts MLflow's own server, with its pages, on a database and an artifact folder; in a process group of its own. */
export function startMlflowServer(
  { python }: InstalledMlflow,
  place: { readonly database: string; readonly artifacts: string; readonly port: number },
): ChildProcess {
  const args = [
    ...['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(place.port), '--workers', '1'],
    ...['--backend-store-uri', `sqlite:///${place.database.replaceAll('\\', '/')}`],
    ...['--artifacts-destination', place.artifacts],
  ];
  const { MLFLOW_WORKSPACE: _, ...environment } = process.env;
  return spawn(python, args, {
    env: { ...environment, ...QUIET_ENVIRONMENT },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
}
