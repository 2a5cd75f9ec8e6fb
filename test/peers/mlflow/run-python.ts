import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { QUIET, makeFolder } from './servers.ts';

/** What a Python program that is a client of a tracking server is told. */
export interface PythonClient {
  readonly python: string;
  readonly url: string;
  readonly token?: string;
}

/** Runs a program of `python/`, or `-m ...` and further words, as a client of a server; gives what it printed last. */
export async function runPython(client: PythonClient, ...words: readonly string[]): Promise<string> {
  const [program = '', ...rest] = words;
  const args = program === '-m' ? words : [join(import.meta.dirname, 'python', program), ...rest];
  const environment = {
    ...process.env,
    ...QUIET,
    MLFLOW_TRACKING_URI: client.url,
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
    MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR: 'false',
    ...(client.token === undefined ? {} : { MLFLOW_TRACKING_TOKEN: client.token }),
  };
  const folder = makeFolder('client');
  const child = spawn(client.python, args, { cwd: folder, env: environment });
  let [output, notes] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (notes += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  rmSync(folder, { recursive: true, force: true });
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}:\n${output}\n${notes}`);
  return output.trim();
}

/** The last line that a program printed, as JSON. */
export async function runForJson(
  client: PythonClient,
  ...words: readonly string[]
): Promise<Record<string, unknown>> {
  const output = await runPython(client, ...words);
  return JSON.parse(output.slice(output.lastIndexOf('\n') + 1)) as Record<string, unknown>;
}
