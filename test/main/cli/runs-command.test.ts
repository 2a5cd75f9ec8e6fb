import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../common/fault.ts';
import { parseSetArguments } from '../../../common/mmar/set-arguments.ts';
import { startAutoml, type StartedRun } from '../../../main/automl/run-automl.ts';
import { runProgram } from '../../../main/cli/program.ts';
import { makeMmar } from '../automl/programs/make-mmar.ts';
import { captureOutput } from './capture-output.ts';

let root: string;
beforeEach(() => {
  root = makeMmar({
    executor: { name: 'CommandExecutor', args: { remove_search_augs: true } },
    controller: { name: 'RandomController', args: { max_rounds: 2 } },
  });
  writeFileSync(
    join(root, 'commands/automl_train_round.sh'),
    `until [ -e ../go ]; do sleep 0.02; done; mkdir -p models; echo '{"best_metric": 0.5}' > models/train_stats.json\n`,
  );
});
afterEach(() => rmSync(dirname(root), { recursive: true, force: true }));

const start = (): Promise<StartedRun> =>
  startAutoml({
    mmarRoot: root,
    overrides: unwrap(parseSetArguments(['run_id=held', 'workers=cpu'])),
    trust: true,
    ports: { devices: { listGpus: () => Promise.resolve([]), countCores: () => 2 } },
  });

async function runs(
  ...args: string[]
): Promise<{ code: number; lines: readonly string[]; notes: readonly string[] }> {
  const output = captureOutput();
  return { code: await runProgram(['runs', '-m', root, ...args], output), ...output };
}

describe('outerloop runs', () => {
  it('lists how each run stands, and who works on it', async () => {
    expect((await runs()).lines).toEqual(['The MMAR was not searched yet.']);
    const run = await start();
    expect(run.warnings.map(({ code, path }) => [code, path])).toContainEqual([
      'file-missing',
      ['DATASET_JSON'],
    ]);
    run.controls.pause();
    const [header, , held] = (await runs()).lines;
    expect(header).toMatch(/^run +state +jobs +best +time +by +why$/);
    expect(held).toMatch(
      new RegExp(`^held +(running|paused) +0.* — +\\d:\\d\\d +process ${process.pid} of `),
    );
    run.controls.unpause();
    writeFileSync(join(run.runFolder, 'go'), '');
    await run.end;
    mkdirSync(join(root, 'automl/broken'));
    writeFileSync(join(root, 'automl/broken/journal.jsonl'), 'no journal\nat all\n');
    const after = await runs();
    expect(after.lines[2]).toMatch(
      /^held +completed +2\/2 +0\.5000 \(W1_1_J1\) +\d:\d\d +— +the controller has nothing/,
    );
    expect(after.notes).toEqual([
      expect.stringMatching(/^error: journal\.jsonl:1:1: The journal cannot be read/),
    ]);
    expect(JSON.parse((await runs('--json')).lines[0]!)).toMatchObject({
      runId: 'held',
      condition: 'completed',
    });
    expect((await runs('--stop', 'held')).lines).toEqual(['held does not run: completed.']);
  });

  it('says which runs there are to stop', async () => {
    expect(await runs('--stop', 'none')).toMatchObject({
      code: 1,
      notes: ['error: --stop: There is no run none. Allowed: none: the MMAR was not searched yet.'],
    });
  });
});
