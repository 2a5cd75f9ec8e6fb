import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../../common/fault.ts';
import { parseSetArguments } from '../../../common/mmar/set-arguments.ts';
import type { RunSummary } from '../../../common/run/run-observation.ts';
import { runAutoml } from '../../../main/automl/run-automl.ts';
import { makeScriptedMmar } from '../../main/automl/programs/make-scripted-mmar.ts';
import { runForJson } from './run-python.ts';
import { findMlflow, makeFolder, START_TIMEOUT_MS, startReal, type RealServer } from './servers.ts';

const found = findMlflow('a search is not read with the real MLflow client');

/** The first job has an event file and a model, the second fails. */
const SCRIPT = `
case "$PWD" in
  *J1) mkdir -p models; cp resources/scalars.bin models/events.out.tfevents.1.a; cp resources/plus_one.onnx models/model.onnx
    echo '{"best_metric": 0.5, "status": "completed"}' > models/train_stats.json;;
  *) exit 3;;
esac`;

/** As MLflow writes a tensor of a signature. */
const tensor = (name: string): string =>
  `[{"name": "${name}", "type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [1, 4]}}]`;

/** The real server opens the store that the search wrote; the real client asks it. */
describe.skipIf('why' in found)('a search, read with the real MLflow', () => {
  const python = 'python' in found ? found.python : '';
  let server: RealServer;
  let root: string;
  let summary: RunSummary;

  beforeAll(async () => {
    const folder = makeFolder('search');
    root = makeScriptedMmar(SCRIPT, 2);
    await runForJson(
      { python, url: 'http://127.0.0.1:9' },
      'make_onnx.py',
      join(root, 'resources/plus_one.onnx'),
    );
    summary = await runAutoml({
      mmarRoot: root,
      seed: 3,
      trust: true,
      overrides: unwrap(parseSetArguments(['run_id=first'])),
      tracking: { folder },
      ports: { devices: { listGpus: () => Promise.resolve([]), countCores: () => 2 } },
    });
    server = await startReal(python, folder);
  }, 2 * START_TIMEOUT_MS);
  afterAll(async () => {
    await server?.close();
    if (root !== undefined) rmSync(dirname(root), { recursive: true, force: true });
  });

  it('is all there, and its model loads', { timeout: 120_000 }, async () => {
    const read = await runForJson({ python, url: server.url }, 'read_search.py', 'mmar/first');
    const rates = ['W1_1_J1', 'W1_2_J2'].map((name) =>
      String(summary.jobs.find(({ job }) => job === name)!.concrete['lr.float.$0:learning_rate']),
    );
    expect(read).toMatchObject({
      names: ['first', 'W1_1_J1', 'W1_2_J2'],
      statuses: ['FINISHED', 'FINISHED', 'FAILED'],
      children: 2,
      inputs: ['data-list/training', 'data-list/validation'],
      learning_rate: [null, ...rates],
      best: [0.5, 0.5],
      files: ['MLmodel', 'conda.yaml', 'model.onnx', 'python_env.yaml', 'requirements.txt'].map(
        (name) => `model/${name}`,
      ),
      leaderboard: 'first',
      opsets: [17, 17, 17],
      answers: Array.from({ length: 3 }, () => [1, 1, 1, 1]),
      enforced: true,
      model: {
        name: 'model',
        status: 'READY',
        run: true,
        outputs: [[true, 0]],
        params: { 'search/learning_rate': rates[0] },
        metrics: [['score', 0.5, 0, 'data-list/validation']],
        signature: { inputs: tensor('x'), outputs: tensor('y'), params: null },
        id: true,
      },
    });
    expect(read.losses).toEqual(
      Array.from({ length: 10 }, (_, index) => [index + 1, Math.fround(1 / (index + 1))]),
    );
    expect(read.note).toContain('| 1 | W1_1_J1 | completed | 0.5000 |');
    expect(read.system).toContain('system/cpu_utilization_percentage');
  });
});
