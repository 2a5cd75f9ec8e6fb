import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findMlflow, QUIET } from './servers.ts';

/** A checkout of MLflow's repository, with its tests; they are in no package. */
const CHECKOUT = process.env['MLFLOW_CHECKOUT'];
const FILES = ['test_rest_tracking.py', 'test_model_registry.py', 'test_mlflow_artifacts.py'];
const TIMEOUT_MS = 1_800_000;
/** Fewer that pass mean that tests were left out unheard. */
const AT_LEAST = 100;

const found = findMlflow("MLflow's own tests are not run against the tracking server");
const hasTests = CHECKOUT !== undefined && existsSync(join(CHECKOUT, 'tests', 'tracking', FILES[0]!));
if (!hasTests)
  console.warn(
    "SKIPPED: MLflow's own tests are not run against the tracking server: MLFLOW_CHECKOUT names no checkout of its repository",
  );

describe.skipIf('why' in found || !hasTests)("MLflow's own tests of its server", () => {
  it('pass against ours', { timeout: TIMEOUT_MS }, async () => {
    const { code, output } = await runTests('python' in found ? found.python : '', CHECKOUT!);
    const summary = output.trim().split('\n').at(-1) ?? '';
    console.log(`MLflow's own tests: ${summary}`);
    expect([code, code === 0 ? '' : output.slice(-5000)]).toEqual([0, '']);
    expect(Number(/(\d+) passed/.exec(summary)?.[1])).toBeGreaterThanOrEqual(AT_LEAST);
  });
});

function runTests(python: string, checkout: string): Promise<{ code: number | null; output: string }> {
  const files = FILES.map((file) => join('tests', 'tracking', file));
  // each test is there for the file store too, which MLflow itself skips
  const args = [
    '-m',
    'pytest',
    '-p',
    'outerloop_server',
    '-p',
    'no:cacheprovider',
    '-q',
    '--tb=short',
    '-k',
    'not file-',
  ];
  const child = spawn(python, [...args, ...files], {
    cwd: checkout,
    env: {
      ...process.env,
      ...QUIET,
      PYTHONPATH: join(import.meta.dirname, 'upstream'),
      OUTERLOOP_NODE: process.execPath,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (output += text.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}
