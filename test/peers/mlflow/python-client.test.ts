import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeServer } from '../../../main/cli/commands/mlflow/describe-server.ts';
import { runForJson, runPython } from './run-python.ts';
import {
  findMlflow,
  makeFolder,
  QUIET,
  START_TIMEOUT_MS,
  startOurs,
  startReal,
  type TestServer,
} from './servers.ts';

const found = findMlflow("the tracking server is not tried with MLflow's own client");
const python = 'python' in found ? found.python : '';
const execute = promisify(execFile);
const TIMEOUT_MS = 300_000;
const TOKEN = 'a-token-of-the-test';

describe.skipIf('why' in found)("MLflow's own client", () => {
  let ours: TestServer;
  beforeAll(async () => {
    ours = await startOurs(makeFolder('tracking'), TOKEN);
  }, START_TIMEOUT_MS);
  afterAll(() => ours?.close());

  it('logs, searches, downloads, registers and loads an ONNX model', { timeout: TIMEOUT_MS }, async () => {
    const seen = await runForJson({ python, url: ours.url, token: TOKEN }, 'client_tour.py');
    expect(seen).toEqual({
      artifacts: ['files', 'notes', 'table.json'],
      history: [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5],
      found: true,
      pages: ['10', '8', '6', '4', '2', '0'],
      active: 11,
      deleted: 1,
      errors: [
        'INVALID_PARAMETER_VALUE',
        'INVALID_PARAMETER_VALUE',
        'RESOURCE_DOES_NOT_EXIST',
        'INVALID_PARAMETER_VALUE',
        'RESOURCE_ALREADY_EXISTS',
      ],
      predicted: [3, 4],
      models: ['net'],
      registered: ['copied', 'double'],
    });
  });

  it('has a command line that works', { timeout: TIMEOUT_MS }, async () => {
    expect(await runPython({ python, url: ours.url, token: TOKEN }, 'cli_tour.py')).toMatch(/done$/);
  });

  it('is refused without the token, and told how to get in', { timeout: TIMEOUT_MS }, async () => {
    const refused = runPython({ python, url: ours.url }, '-m', 'mlflow', 'experiments', 'search');
    await expect(refused).rejects.toThrow(/set MLFLOW_TRACKING_TOKEN to it where the client is started/);
  });

  it('works with what "outerloop mlflow serve" prints, each as it is', { timeout: TIMEOUT_MS }, async () => {
    const text = describeServer({ url: ours.url, token: TOKEN, folder: ours.folder }, 'linux');
    const pasted = /^ {2}(export .*)$/m.exec(text)![1]!;
    const address = /^ {2}(http:\/\/\S+@\S+)$/m.exec(text)![1]!;
    const program = `import mlflow
mlflow.set_experiment('pasted')
with mlflow.start_run() as run:
    mlflow.log_text('hello', 'a.txt')
assert mlflow.artifacts.load_text(run.info.artifact_uri + '/a.txt') == 'hello'
print(len(mlflow.search_runs(experiment_names=['pasted'])))`;
    const env = { ...process.env, ...QUIET, PYTHON: python, PROGRAM: program };
    const counts: string[] = [];
    for (const line of [pasted, `export MLFLOW_TRACKING_URI='${address}'`]) {
      const { stdout } = await execute('bash', ['-c', `${line}\n"$PYTHON" -c "$PROGRAM"`], { env });
      counts.push(stdout.trim().split('\n').at(-1)!);
    }
    expect(counts).toEqual(['1', '2']);
  });

  it(
    'finds in the real server, on a store of ours, all that it finds in ours',
    { timeout: TIMEOUT_MS },
    async () => {
      const own = await runForJson({ python, url: ours.url, token: TOKEN }, 'describe_store.py');
      const folder = makeFolder('mlflow');
      cpSync(ours.folder, folder, { recursive: true });
      const real = await startReal(python, folder);
      try {
        const theirs = await runForJson({ python, url: real.url }, 'describe_store.py');
        expect(theirs).toEqual(own);
        expect(Object.keys(theirs['runs'] as object)).toHaveLength(17);
        expect(JSON.stringify(theirs)).toContain('files/sub/deep.bin');
      } finally {
        await real.close();
      }
    },
  );
});
