import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import {
  leaderboardAddress,
  modelAddress,
  reportAddress,
  type Evaluation,
} from '../../../common/api/results.ts';
import { FaultError } from '../../../common/fault.ts';
import { trainerLauncher } from '../../../main/node/launch-trainer.ts';
import { makeResultsRoute } from '../../../main/resources/results.ts';
import { Evaluations } from '../../../main/run-results/evaluations.ts';
import type { EvaluatedJob } from '../../../main/run-results/evaluations.ts';
import { listUserCode } from '../../../trainer/user-code/list-user-code.ts';
import { RunResults } from '../../../main/run-results/run-results.ts';
import { createResultsService } from '../../../main/services/results.ts';
import type { AutomlChanges } from '../automl/programs/make-mmar.ts';
import { MMAR, openDesk } from '../run-desk/fakes/open-desk.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

const call = { signal: new AbortController().signal };
const jobsOf = (max_rounds: number): AutomlChanges => ({
  controller: { name: 'RandomController', args: { max_rounds } },
});

/** A run that has ended, and the results over it. */
async function openResults(changes: AutomlChanges = jobsOf(10)) {
  const place = await openDesk({ epochs: 2, epochMs: 2 }, changes);
  const { desk, service, root, ports, trustedCode } = place;
  const results = new RunResults(desk, ports.clock);
  const defects: unknown[] = [];
  // Evaluations are the real trainer's.
  const evaluations = new Evaluations({ ...ports, launcher: trainerLauncher }, (error) =>
    defects.push(error),
  );
  opened.push(async () => {
    await evaluations.dispose();
    await place.dispose(desk);
  });
  const { run } = await service.start({ mmar: MMAR, workers: '0:0', seed: 5, trust: false }, call);
  while ((await desk.active()).length > 0) await sleep(20);
  const api = createResultsService({ desk, results, evaluations, folderOf: () => root, trustedCode });
  const route = makeResultsRoute(desk, results);
  const fetchResource = (address: string): Promise<Response> =>
    route.handle(new Request(`http://x${address}`), address.split('/').slice(3).map(decodeURIComponent));
  return {
    ...place,
    api,
    run,
    at: { mmar: MMAR, run },
    runRoot: join(root, 'automl', run),
    fetchResource,
    results,
    defects,
  };
}

async function faultsOf(promise: Promise<unknown>): Promise<readonly string[]> {
  const error = await promise.then(
    () => new Error('it worked'),
    (caught: unknown) => caught,
  );
  if (!(error instanceof FaultError)) throw error;
  return error.faults.map(({ code }) => code);
}

describe('importance', () => {
  it('names the parameter that the scores follow, with its marginal', async () => {
    const { api, at } = await openResults(jobsOf(30));
    const { rows, jobs, marginals } = await api.importance(at, call);
    expect(jobs).toBe(30);
    expect(rows[0]!.prl).toMatch(/learning_rate/);
    expect(rows[0]!.importance).toBeGreaterThan(0.8);
    const { x, mean } = marginals.find(({ prl }) => prl === rows[0]!.prl)!;
    const best = x[mean.indexOf(Math.max(...mean))]!;
    expect(best).toBeGreaterThan(0.0005);
    expect(best).toBeLessThan(0.002);
    const grid = await api.contour({ ...at, x: rows[0]!.prl, y: rows[1]!.prl }, call);
    expect(grid.mean).toHaveLength(grid.x.length * grid.y.length);
  });

  it('says how many jobs it would need', async () => {
    const { api, at } = await openResults(jobsOf(3));
    expect(await api.importance(at, call)).toEqual({ jobs: 3, needed: 8, rows: [], marginals: [] });
    expect(await faultsOf(api.contour({ ...at, x: 'a', y: 'b' }, call))).toEqual(['search-empty']);
  });
});

describe('jobs beside each other', () => {
  it('differ where the search put other values', async () => {
    const { api, at } = await openResults(jobsOf(3));
    const { differences, configs } = await api.compare({ ...at, jobs: ['W1_1_J1', 'W2_1_J2'] }, call);
    expect(configs).toHaveLength(2);
    expect(differences.map(({ path }) => path)).toContain('learning_rate');
    expect(differences.every(({ isSearched, values }) => isSearched && values.length === 2)).toBe(true);
    expect(await faultsOf(api.compare({ ...at, jobs: ['W1_1_J1', 'W9_1_J9'] }, call))).toEqual([
      'file-missing',
    ]);
  });
});

describe('the classes of a job', () => {
  it('are those of its training; none where its folder was not kept', async () => {
    const { api, at, runRoot } = await openResults(jobsOf(3));
    const job = 'W1_1_J1';
    expect(await api.classScores({ ...at, job }, call)).toEqual({ scores: null });
    const stats = { outerloop_train_stats: 1, status: 'completed', epochs: 1, max_epochs: 1, train: [] };
    const validation = [{ epoch: 1, metrics: { dice: 0.5 }, per_class: { dice: [0.25, 0.75] } }];
    const best = { key_metric: 'dice', best_metric: 0.5, best_epoch: 1, validation };
    mkdirSync(join(runRoot, job, 'models'), { recursive: true });
    writeFileSync(join(runRoot, job, 'models/train_stats.json'), JSON.stringify({ ...stats, ...best }));
    const { scores } = await api.classScores({ ...at, job }, call);
    expect(scores?.classes.map(({ score }) => score)).toEqual([0.25, 0.75]);
    expect(await api.classScores({ ...at, job: 'W9_9_J9' }, call)).toEqual({ scores: null });
  });
});

describe("a job as the MMAR's default", () => {
  it('changes its values in the train config and nothing else', async () => {
    const { api, at, root, runRoot } = await openResults(jobsOf(3));
    const file = join(root, 'config/config_train.json');
    const before = readFileSync(file, 'utf8');
    const change = await api.defaultChange({ ...at, job: 'W2_1_J2' }, call);
    expect(change).toMatchObject({ file: 'config/config_train.json', before });
    expect(change.changes.map(({ path }) => path)).toContain('learning_rate');
    expect(readFileSync(file, 'utf8')).toBe(before);
    const { changed } = await api.makeDefault({ ...at, job: 'W2_1_J2', digest: change.digest }, call);
    expect(changed).toBe(change.changes.length);
    const after = readFileSync(file, 'utf8');
    expect(after).toBe(change.after);
    const job = JSON.parse(readFileSync(join(runRoot, 'W2_1_J2/config/config_train.json'), 'utf8')) as object;
    expect((JSON.parse(after) as { learning_rate: number }).learning_rate).toBe(
      (job as { learning_rate: number }).learning_rate,
    );
    const same = after.split('\n').filter((line, index) => line === before.split('\n')[index]).length;
    expect(same).toBe(before.split('\n').length - change.changes.length);
    expect(await api.defaultChange({ ...at, job: 'W2_1_J2' }, call)).toMatchObject({ changes: [] });
  });

  it('is refused when the config is not what was looked at, or searches something else', async () => {
    const { api, at, root } = await openResults(jobsOf(2));
    const { digest } = await api.defaultChange({ ...at, job: 'W1_1_J1' }, call);
    const file = join(root, 'config/config_train.json');
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n`);
    expect(await faultsOf(api.makeDefault({ ...at, job: 'W1_1_J1', digest }, call))).toEqual([
      'file-changed',
    ]);
    const config = JSON.parse(readFileSync(file, 'utf8')) as { search: object[] };
    writeFileSync(file, JSON.stringify({ ...config, search: config.search.slice(1) }));
    expect(await faultsOf(api.defaultChange({ ...at, job: 'W1_1_J1' }, call))).toEqual(['run-changed']);
    expect(await faultsOf(api.defaultChange({ ...at, job: 'W7_1_J7' }, call))).toEqual(['run-not-found']);
  });
});

describe('downloads', () => {
  it('are a report that shows itself and says nothing of places', async () => {
    const { fetchResource, at, root } = await openResults();
    const response = await fetchResource(reportAddress(at));
    expect(response.headers.get('Content-Disposition')).toMatch(/^attachment; filename="report-run1.html"/);
    const html = await response.text();
    expect(html).not.toMatch(/<script|https?:|src=|url\(/i);
    expect(html).not.toContain(root);
    expect(html).not.toMatch(/phantom|\/tmp|\/home/);
    expect(html.match(/<svg/g)!.length).toBeGreaterThanOrEqual(5);
    expect(html).toContain('W1_1_J1');
    // well-formed: every part of it closes
    for (const tag of ['section', 'svg', 'table', 'dl'])
      expect(html.split(`<${tag}`).length).toBe(html.split(`</${tag}>`).length);
  });

  it('are the leaderboard, and models where there are some', async () => {
    const { fetchResource, at, runRoot } = await openResults(jobsOf(3));
    const csv = await (await fetchResource(leaderboardAddress(at))).text();
    expect(csv.split('\r\n').filter((line) => line !== '')).toHaveLength(4);
    expect(await faultsOf(fetchResource(modelAddress({ ...at, job: 'W1_1_J1' })))).toEqual(['file-missing']);
    writeFileSync(join(runRoot, 'W1_1_J1/models/model.onnx'), 'onnx');
    const model = await fetchResource(modelAddress({ ...at, job: 'W1_1_J1' }));
    expect(await model.text()).toBe('onnx');
    expect(model.headers.get('Content-Length')).toBe('4');
    // a job whose folder was not kept, but whose copy is in best/
    const best = JSON.parse(readFileSync(join(runRoot, 'best/best_job.json'), 'utf8')) as { job: string };
    writeFileSync(join(runRoot, 'best/models/model.onnx'), 'best');
    rmSync(join(runRoot, best.job), { recursive: true });
    expect(await (await fetchResource(modelAddress({ ...at, job: best.job }))).text()).toBe('best');
  });

  it.each([
    '/resource/results/mmar0001',
    '/resource/results/mmar0001/run1/other.txt',
    '/resource/results/x/../report.html',
  ])('are not %s', async (address) => {
    const { fetchResource } = await openResults(jobsOf(1));
    expect(await faultsOf(fetchResource(address))).toEqual(['file-missing']);
  });
});

describe('an evaluation', () => {
  it('of a job without a model is refused', async () => {
    const { api, at } = await openResults(jobsOf(1));
    expect(await faultsOf(api.evaluate({ ...at, job: 'W1_1_J1' }, call))).toEqual(['checkpoint']);
  });

  it('runs code of the job that is trusted now, whatever the journal says', async () => {
    const place = await openDesk({ epochs: 2, epochMs: 2 }, jobsOf(1));
    const { desk, service, root, ports, trust, trustedCode } = place;
    opened.push(() => place.dispose(desk));
    mkdirSync(join(root, 'custom'), { recursive: true });
    writeFileSync(join(root, 'custom/mine.mjs'), 'export class Own {}\n');
    const decision = { by: 'jdoe', at: '2020-01-02T03:04:05.000Z' };
    await trust.trust(root, (await trust.view(root)).digest, decision);
    const { run } = await service.start({ mmar: MMAR, workers: '0:0', seed: 5, trust: true }, call);
    while ((await desk.active()).length > 0) await sleep(20);
    const results = new RunResults(desk, ports.clock);
    expect((await results.read({ mmar: MMAR, run })).head.trusted).toBe(true);
    const seen: (string | undefined)[] = [];
    const evaluations = {
      start: async ({ trustedCode: code }: EvaluatedJob) => void seen.push(code?.customDigest),
    } as unknown as Evaluations;
    const api = createResultsService({ desk, results, evaluations, folderOf: () => root, trustedCode });
    await api.evaluate({ mmar: MMAR, run, job: 'W1_1_J1' }, call);
    await trust.revoke(root, decision);
    await api.evaluate({ mmar: MMAR, run, job: 'W1_1_J1' }, call);
    expect(seen).toEqual([listUserCode(root).digest, undefined]);
  });

  it('scores and segments the validation cases, worst first', { timeout: 120_000 }, async () => {
    const { api, at, runRoot, root, defects } = await openResults(jobsOf(1));
    const jobRoot = join(runRoot, 'W1_1_J1');
    rmSync(join(jobRoot, 'models'), { recursive: true });
    mkdirSync(join(jobRoot, 'models'));
    const trainer = join(import.meta.dirname, '../../../trainer/main.ts');
    execFileSync(process.execPath, [
      trainer,
      'train',
      '-m',
      jobRoot,
      '-c',
      'config/config_train.json',
      '-e',
      'config/environment.json',
      '--set',
      'epochs=2',
      'num_interval_per_valid=1',
    ]);
    await api.evaluate({ ...at, job: 'W1_1_J1' }, call);
    const seen: Evaluation[] = [];
    const ended = new AbortController();
    for await (const item of api.evaluation({ ...at, job: 'W1_1_J1' }, { signal: ended.signal })) {
      seen.push(item as Evaluation);
      if (item.state !== 'running') break;
    }
    ended.abort();
    expect(defects).toEqual([]);
    const last = seen.at(-1)!;
    expect(last).toMatchObject({
      state: 'done',
      metric: 'val_mean_dice',
      classes: ['class1', 'class2'],
      done: 1,
      total: 1,
      faults: [],
    });
    const [worst] = last.cases;
    expect(worst).toMatchObject({ list: 'validation', index: 0 });
    expect(worst!.score).toBeGreaterThanOrEqual(0);
    expect(existsSync(join(root, worst!.segmentation!))).toBe(true);
  });

  it('that fails says why', { timeout: 60_000 }, async () => {
    const { api, at, runRoot } = await openResults(jobsOf(1));
    writeFileSync(join(runRoot, 'W1_1_J1/models/model.pt'), 'no checkpoint');
    await api.evaluate({ ...at, job: 'W1_1_J1' }, call);
    const ended = new AbortController();
    let last: { state: string; faults: readonly { code: string }[] } | undefined;
    for await (const item of api.evaluation({ ...at, job: 'W1_1_J1' }, { signal: ended.signal })) {
      last = item;
      if (item.state !== 'running') break;
    }
    ended.abort();
    expect(last).toMatchObject({ state: 'failed', faults: [{ code: 'checkpoint' }] });
  });
});
