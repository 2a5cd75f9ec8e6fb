import { fork, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../common/fault.ts';
import { parseSetArguments } from '../../../common/mmar/set-arguments.ts';
import { findRuns, findWorkFolder } from '../../../main/automl/find-runs.ts';
import { startAutoml, type StartedRun } from '../../../main/automl/run-automl.ts';
import type { RunNews } from '../../../main/automl/run-reader.ts';
import { nodePorts } from '../../../main/automl/run-request.ts';
import { readRun, stopRun, watchRun } from '../../../main/automl/watch-run.ts';
import { makeMmar, makeTrainableMmar } from './programs/make-mmar.ts';

const program = join(import.meta.dirname, 'programs/run-search.ts');
const made: string[] = [];
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.kill('SIGKILL'))
      await new Promise((done) => child.once('exit', done));
  }
  for (const root of made.splice(0)) rmSync(dirname(root), { recursive: true, force: true });
});

/** A run of this process whose jobs wait until their folder holds a file `go`. */
async function startHeld(
  controller = { name: 'RandomController', args: { max_rounds: 3 } },
): Promise<StartedRun> {
  const executor = { name: 'CommandExecutor', args: { remove_search_augs: true } };
  const root = makeMmar({ executor, controller });
  made.push(root);
  writeFileSync(
    join(root, 'commands/automl_train_round.sh'),
    `until [ -e go ]; do sleep 0.02; done; mkdir -p models; echo '{"best_metric": 0.5}' > models/train_stats.json\n`,
  );
  return startAutoml({
    mmarRoot: root,
    overrides: unwrap(parseSetArguments(['run_id=held', 'workers=cpu:cpu'])),
    seed: 3,
    trust: true,
    ports: { devices: { listGpus: () => Promise.resolve([]), countCores: () => 2 } },
  });
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}

const letGo = (run: StartedRun, job: string): void => writeFileSync(join(run.runFolder, job, 'go'), '');

/** A search with fake trainers in a process of its own, once a job of it runs. */
async function startElsewhere(): Promise<{ root: string; runFolder: string; child: ChildProcess }> {
  const root = await makeTrainableMmar({ controller: { name: 'RandomController', args: { max_rounds: 8 } } });
  made.push(root);
  const child = fork(program, [root, '5', 'run_id=there', 'workers=cpu:cpu'], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, FAKE_TRAINER_MS: '300' },
  });
  children.push(child);
  await new Promise<void>((resolve) => child.on('message', (said) => /_J3$/.test(String(said)) && resolve()));
  return { root, runFolder: join(root, 'automl/there'), child };
}

describe('the state of a run', () => {
  it('of this process says what runs where, and that it has the controls', async () => {
    const run = await startHeld();
    await until(() => existsSync(join(run.runFolder, 'W2_1_J2')));
    run.controls.pause('W2');
    await until(async () => (await readRun(run.runFolder)).workers.workers[1]!.state === 'paused');
    const view = await readRun(run.runFolder);
    expect(view).toMatchObject({
      runId: 'held',
      runFolder: run.runFolder,
      condition: 'running',
      isResumable: false,
      owner: { pid: process.pid, isAlive: true, isThisProcess: true },
      identity: { controller: 'RandomController', seed: 3 },
      settings: { workers: 'cpu:cpu' },
      progress: { jobsDone: 0, jobsRunning: 2, jobsWaiting: 1, jobsPlanned: 3 },
      workers: {
        isPaused: false,
        workers: [
          { name: 'W1', devices: [], state: 'busy', busy: true, job: 'W1_1_J1' },
          { name: 'W2', devices: [], state: 'paused', busy: true, job: 'W2_1_J2' },
        ],
      },
    });
    expect(view.jobs.map(({ job, state }) => [job, state])).toEqual([
      ['W1_1_J1', 'running'],
      ['W2_1_J2', 'running'],
    ]);

    run.controls.stop({ when: 'after-jobs', reason: 'lunch' });
    await until(async () => (await readRun(run.runFolder)).stop !== undefined);
    expect(await readRun(run.runFolder)).toMatchObject({
      condition: 'running',
      reason: 'lunch',
      stop: { when: 'after-jobs' },
    });
    letGo(run, 'W1_1_J1');
    letGo(run, 'W2_1_J2');
    expect(await run.end).toMatchObject({ status: 'interrupted', resumable: true });
    const ended = await readRun(run.runFolder);
    expect(ended).toMatchObject({
      condition: 'interrupted',
      reason: 'lunch',
      isResumable: true,
      best: { job: 'W1_1_J1', score: 0.5 },
      progress: { jobsDone: 2, jobsRunning: 0, jobsWaiting: 1 },
    });
    expect(ended).not.toHaveProperty('owner');
    expect(ended).not.toHaveProperty('stop');
  });

  it('of another process is told apart from one that was killed', async () => {
    const { runFolder, child } = await startElsewhere();
    expect(await readRun(runFolder)).toMatchObject({
      condition: 'running',
      owner: { pid: child.pid, isAlive: true, isThisProcess: false },
      workers: { workers: [{ state: 'busy' }, { state: 'busy' }] },
    });
    child.kill('SIGKILL');
    await new Promise((done) => child.once('exit', done));
    const killed = await readRun(runFolder);
    expect(killed).toMatchObject({ condition: 'killed', isResumable: true, progress: { jobsRunning: 0 } });
    expect(killed.workers.workers.map(({ state }) => state)).toEqual(['idle', 'idle']);
    expect(killed).not.toHaveProperty('owner');
  });

  it('of another computer is taken for running, and cannot be stopped from here', async () => {
    const { root, runFolder, child } = await startElsewhere();
    child.kill('SIGKILL');
    await new Promise((done) => child.once('exit', done));
    const lock = join(runFolder, 'run.lock');
    const holder = JSON.parse(readFileSync(lock, 'utf8')) as object;
    writeFileSync(lock, JSON.stringify({ ...holder, host: 'elsewhere' }));
    const view = await readRun(runFolder);
    expect(view).toMatchObject({ condition: 'running', owner: { host: 'elsewhere', isThisProcess: false } });
    expect(view.owner!.isAlive).toBeUndefined();
    await expect(stopRun(runFolder, nodePorts, {}, 50)).rejects.toMatchObject({
      faults: [{ code: 'run-locked' }],
    });
    expect(await findRuns(root)).toEqual([{ runId: 'there', runFolder }]);
  });

  it('is a fault for a folder that is no run', async () => {
    const root = makeMmar();
    made.push(root);
    mkdirSync(join(root, 'automl/empty'), { recursive: true });
    await expect(readRun(join(root, 'automl/empty'))).rejects.toMatchObject({
      faults: [{ code: 'run-not-found', file: 'empty' }],
    });
    await expect(readRun(join(root, 'automl/none'))).rejects.toMatchObject({
      faults: [{ code: 'run-not-found' }],
    });
    expect(await findRuns(root)).toEqual([]);
  });

  it('is a fault for a journal that was damaged', async () => {
    const run = await startHeld({ name: 'RandomController', args: { max_rounds: 1 } });
    await until(() => existsSync(join(run.runFolder, 'W1_1_J1')));
    letGo(run, 'W1_1_J1');
    await run.end;
    const journal = join(run.runFolder, 'journal.jsonl');
    writeFileSync(journal, readFileSync(journal, 'utf8').replace('"seq":3', '"seq":7'));
    await expect(readRun(run.runFolder)).rejects.toMatchObject({
      faults: [{ code: 'journal-damaged', line: 3 }],
    });
  });
});

describe('watching a run', () => {
  it('tells everything once, in order, until the run has ended', async () => {
    const run = await startHeld();
    const seen: RunNews[] = [];
    const watching = (async () => {
      for await (const news of watchRun(run.runFolder, { intervalMs: 10 })) seen.push(news);
    })();
    for (const job of ['W1_1_J1', 'W2_1_J2']) {
      await until(() => existsSync(join(run.runFolder, job)));
      letGo(run, job);
    }
    await until(async () => (await readRun(run.runFolder)).jobs.length === 3);
    const third = (await readRun(run.runFolder)).jobs[2]!.job;
    await until(() => existsSync(join(run.runFolder, third)));
    letGo(run, third);
    await run.end;
    await watching;
    const numbers = seen.flatMap(({ entries }) => entries.map(({ seq }) => seq));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(seen.at(-1)!.view).toMatchObject({ condition: 'completed', isResumable: false });
    expect(seen.at(-1)!.entries.at(-1)!.event.type).toBe('run_ended');
    const states = seen.flatMap(({ jobs }) =>
      jobs.filter(({ job }) => job === third).map(({ state }) => state),
    );
    expect(states[0]).toBe('running');
    expect(states.at(-1)).toBe('completed');
  });

  it('ends when it is told to', async () => {
    const run = await startHeld();
    const watch = new AbortController();
    let count = 0;
    for await (const _ of watchRun(run.runFolder, { intervalMs: 10, signal: watch.signal })) {
      count++;
      watch.abort();
    }
    expect(count).toBe(1);
    run.controls.stop();
    await run.end;
  });
});

describe('stopping a run of another process', () => {
  it('interrupts it as Ctrl-C does', async () => {
    const { runFolder } = await startElsewhere();
    await stopRun(runFolder);
    await until(async () => (await readRun(runFolder)).condition !== 'running');
    expect(await readRun(runFolder)).toMatchObject({
      condition: 'interrupted',
      reason: 'it was stopped by the user',
      isResumable: true,
    });
    // once more changes nothing
    await stopRun(runFolder);
  });

  it('finishes it when a resume is not wanted', async () => {
    const { runFolder } = await startElsewhere();
    await stopRun(runFolder, nodePorts, { resumable: false });
    await until(async () => (await readRun(runFolder)).condition !== 'running');
    expect(await readRun(runFolder)).toMatchObject({ condition: 'stopped', isResumable: false });
    expect(existsSync(join(runFolder, 'stop.request'))).toBe(false);
  });

  it('says so when its program does not answer, and takes the request back', async () => {
    const { runFolder, child } = await startElsewhere();
    child.kill('SIGSTOP');
    const asked = stopRun(runFolder, nodePorts, {}, 50);
    await expect(asked).rejects.toMatchObject({
      faults: [{ code: 'run-locked', message: expect.stringContaining('does not answer') as string }],
    });
    expect(existsSync(join(runFolder, 'stop.request'))).toBe(false);
  });

  it('has no effect on a run that is resumed after its program was gone before it could answer', async () => {
    const run = await startHeld({ name: 'RandomController', args: { max_rounds: 1 } });
    run.controls.stop();
    await run.end;
    writeFileSync(join(run.runFolder, 'stop.request'), 'from before');
    const resumed = await startAutoml({
      mmarRoot: join(run.runFolder, '../..'),
      overrides: unwrap(parseSetArguments([`run_id=${run.runId}`])),
      resume: true,
      trust: true,
      ports: { devices: { listGpus: () => Promise.resolve([]), countCores: () => 2 } },
    });
    await until(() => existsSync(join(run.runFolder, 'W1_1_J1')));
    letGo(run, 'W1_1_J1');
    expect((await resumed.end).status).toBe('completed');
  });

  it('is heard by a run that is being resumed, before it goes on', async () => {
    const run = await startHeld({ name: 'RandomController', args: { max_rounds: 1 } });
    run.controls.stop();
    await run.end;
    const resumed = await startAutoml({
      mmarRoot: join(run.runFolder, '../..'),
      overrides: unwrap(parseSetArguments([`run_id=${run.runId}`])),
      resume: true,
      trust: true,
      ports: {
        devices: {
          // asked for while the run is checked, when it is locked already
          listGpus: async () => {
            writeFileSync(join(run.runFolder, 'stop.request'), JSON.stringify({ id: 'early' }));
            return [];
          },
          countCores: () => 2,
        },
      },
    });
    expect((await resumed.end).status).toBe('interrupted');
    expect(existsSync(join(run.runFolder, 'stop.request'))).toBe(false);
  });

  it('is what a request that cannot be read asks for', async () => {
    const run = await startHeld();
    writeFileSync(join(run.runFolder, 'stop.request'), '{');
    expect((await run.end).status).toBe('interrupted');
  });
});

describe('the folder of the runs', () => {
  it('is what config_automl.json says, and automl/ where that is broken', async () => {
    const root = makeMmar({ handlers: [{ name: 'MMARHandler', args: { work_dir: 'searches' } }] });
    made.push(root);
    expect(await findWorkFolder(root)).toBe(join(root, 'searches'));
    writeFileSync(join(root, 'config/config_automl.json'), '{');
    expect(await findWorkFolder(root)).toBe(join(root, 'automl'));
  });

  it('lists the run that was written to last first', async () => {
    const run = await startHeld({ name: 'RandomController', args: { max_rounds: 1 } });
    await until(() => existsSync(join(run.runFolder, 'W1_1_J1')));
    cpSync(join(run.runFolder, 'journal.jsonl'), join(run.runFolder, '../older/journal.jsonl'), {
      recursive: true,
    });
    letGo(run, 'W1_1_J1');
    await run.end;
    const root = join(run.runFolder, '../..');
    expect((await findRuns(root)).map(({ runId }) => runId)).toEqual(['held', 'older']);
  });
});
