import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { unwrap, type Fault } from '../../../common/fault.ts';
import type { Json } from '../../../common/json.ts';
import { parseSetArguments } from '../../../common/mmar/set-arguments.ts';
import type { RunObservation, RunSummary } from '../../../common/run/run-observation.ts';
import { runAutoml } from '../../../main/automl/run-automl.ts';
import type { RunPorts } from '../../../main/automl/run-request.ts';
import { trainerLauncher } from '../../../main/node/launch-trainer.ts';
import { processTable } from '../../../main/node/process-table.ts';
import { changeJson, makeMmar, makeTrainableMmar, type AutomlChanges } from './programs/make-mmar.ts';

const devices: RunPorts['devices'] = { listGpus: () => Promise.resolve([]), countCores: () => 4 };
const handlers: Json = [
  { name: 'MMARHandler', args: { key_mmar_content_only: true } },
  { name: 'StatsHandler' },
  { name: 'MMARStatsHandler' },
];
const command = (args: Record<string, string | number> = {}): AutomlChanges => ({
  executor: { name: 'CommandExecutor', args: { remove_search_augs: true, ...args } },
  controller: { name: 'RandomController', args: { max_rounds: 3 } },
  handlers,
});

const oneJob = (): AutomlChanges => ({
  ...command(),
  controller: { name: 'RandomController', args: { max_rounds: 1 } },
});

const made: string[] = [];
afterEach(() => {
  for (const root of made.splice(0)) rmSync(dirname(root), { recursive: true, force: true });
});

/** An MMAR whose jobs run a shell script. */
function makeScripted(script: string, changes = command()): string {
  const root = makeMmar(changes);
  made.push(root);
  writeFileSync(join(root, 'commands/automl_train_round.sh'), `#!/usr/bin/env bash\n${script}\n`);
  return root;
}

async function run(
  root: string,
  words: readonly string[],
  more: Partial<Parameters<typeof runAutoml>[0]> = {},
): Promise<RunSummary> {
  const overrides = unwrap(parseSetArguments(words));
  return runAutoml({
    mmarRoot: root,
    overrides,
    seed: 3,
    trust: true,
    ...more,
    ports: { devices, ...more.ports },
  });
}

async function faultsOf(promise: Promise<unknown>): Promise<readonly Fault[]> {
  const error = await promise.then(
    () => new Error('it worked'),
    (caught: Error & { faults?: readonly Fault[] }) => caught,
  );
  if (!('faults' in error)) throw error;
  return error.faults!;
}

const SCORE = `mkdir -p models; echo '{"best_metric": 0.5}' > models/train_stats.json`;

describe('a search with a shell script as its inner loop', () => {
  it('runs every job in its own MMAR, with its share of the machine', async () => {
    const root = makeScripted(
      `echo "$PWD|$OUTERLOOP_THREADS|$CUDA_VISIBLE_DEVICES|$OUTERLOOP" >> ../ran.txt; echo training; ${SCORE}`,
    );
    const summary = await run(root, ['run_id=first', 'workers=0:0']);
    expect(summary).toMatchObject({
      runId: 'first',
      runFolder: join(root, 'automl/first'),
      status: 'completed',
      resumable: false,
      best: { job: 'W1_1_J1', score: 0.5 },
    });
    expect(summary.jobs).toHaveLength(3);
    const lines = readFileSync(join(root, 'automl/first/ran.txt'), 'utf8').trimEnd().split('\n').toSorted();
    expect(lines.map((line) => line.split('|').slice(0, 3))).toEqual(
      summary.jobs.map(({ job }) => [join(root, 'automl/first', job), '2', '']).toSorted(),
    );
    expect(lines[0]).toMatch(/bin\/outerloop$/);
    expect(readdirSync(join(root, 'automl/first')).toSorted()).toEqual(
      [
        ...summary.jobs.map(({ job }) => job),
        ...[
          'automl_stats.json',
          'best',
          'code',
          'journal.jsonl',
          'leaderboard.csv',
          'leaderboard.json',
          'ran.txt',
          'searched',
          'trace.log',
        ],
      ].toSorted(),
    );
    expect(readFileSync(join(root, 'automl/first/W1_1_J1/log.txt'), 'utf8')).toBe('training\n');
    const config = readFileSync(join(root, 'automl/first/W1_1_J1/config/config_train.json'), 'utf8');
    expect(config).not.toContain('"search"');
  });

  it.each([
    [
      'lines of JSON, which stay out of the log',
      `echo '{"outerloop_progress": 1, "epoch": 3, "epochs": 9, "loss": 0.25}'`,
      { epoch: 3, epochs: 9, loss: 0.25 },
    ],
    [
      'a train_stats.json that grows',
      `mkdir -p models; echo '{"epochs": 4, "best_metric": 0.4, "status": "running"}' > models/train_stats.json`,
      { epoch: 4, bestMetric: 0.4 },
    ],
  ])('shows how far its jobs are by %s', async (_what, says, progress) => {
    const root = makeScripted(
      `echo begun; ${says}\nuntil [ -e go ]; do sleep 0.02; done; ${SCORE}`,
      oneJob(),
    );
    const seen: unknown[] = [];
    const observe = (observation: RunObservation): void => {
      if (observation.type !== 'job-progress') return;
      seen.push(observation.progress);
      writeFileSync(join(root, 'automl/run1/W1_1_J1/go'), '');
    };
    expect(await run(root, [], { observe })).toMatchObject({ status: 'completed', best: { score: 0.5 } });
    expect(seen[0]).toEqual(progress);
    expect(readFileSync(join(root, 'automl/run1/W1_1_J1/log.txt'), 'utf8')).toBe('begun\n');
  });

  it('runs its jobs with the code that it started with, though somebody changes it meanwhile', async () => {
    const root = makeScripted(
      `cat tools/net.py >> ../ran.txt; echo changed > ${'"$PWD"'}/../../../tools/net.py; echo exit 1 > ${'"$PWD"'}/../../../commands/automl_train_round.sh; ${SCORE}`,
    );
    mkdirSync(join(root, 'tools'));
    writeFileSync(join(root, 'tools/net.py'), 'as it was\n');
    const summary = await run(root, ['run_id=first']);
    expect(summary.jobs.map(({ state }) => state)).toEqual(['completed', 'completed', 'completed']);
    expect(readFileSync(join(root, 'automl/first/ran.txt'), 'utf8')).toBe('as it was\n'.repeat(3));
  });

  it('is refused when its code is another than the digest that is trusted', async () => {
    const root = makeScripted(SCORE);
    const [fault] = await faultsOf(run(root, ['run_id=first'], { trust: 'a digest of other code' }));
    expect(fault).toMatchObject({ code: 'not-trusted' });
    expect(existsSync(join(root, 'automl/first'))).toBe(false);
  });

  it('ends with a status and a reason for each job, whatever the script does', async () => {
    const root = makeScripted(
      `case "$PWD" in
         *J1) echo "no memory" >&2; exit 3;;
         *J2) mkdir -p models; echo '{"best_metric": NaN}' > models/train_stats.json;;
         *J3) kill -9 $$;;
         *J4) exit 0;;
         *) ${SCORE};;
       esac`,
      { ...command(), controller: { name: 'RandomController', args: { max_rounds: 5 } } },
    );
    const { jobs, status } = await run(root, ['run_id=bad']);
    expect(status).toBe('completed');
    const byName = Object.fromEntries(jobs.map(({ job, state, reason }) => [job, [state, reason]]));
    expect(byName).toEqual({
      W1_1_J1: ['failed', 'the command ended with exit code 3'],
      W1_2_J2: ['diverged', 'the best metric is NaN'],
      W1_3_J3: ['failed', 'the command was ended by SIGKILL'],
      W1_4_J4: ['failed', 'the training ended without writing a readable models/train_stats.json'],
      W1_5_J5: ['completed', undefined],
    });
  });

  it('that is too slow or silent is killed with everything that it started', async () => {
    const root = makeScripted(
      `sleep 300 & echo $! >> ../pids.txt
       case "$PWD" in *J1) while true; do echo alive; sleep 0.2; done;; *) wait;; esac`,
      {
        ...command({ max_idle_time: 1.5, abort_grace_time: 0.2 }),
        controller: { name: 'RandomController', args: { max_rounds: 2 } },
      },
    );
    const { jobs } = await run(root, ['run_id=slow', 'max_job_run_time=2.5']);
    const reasons = Object.fromEntries(jobs.map(({ job, state, reason }) => [job, [state, reason]]));
    expect(reasons).toEqual({
      W1_1_J1: ['timeout', 'it ran longer than max_job_run_time, 2.5 seconds'],
      W1_2_J2: ['timeout', 'no sign of life for 1.5 seconds'],
    });
    const pids = readFileSync(join(root, 'automl/slow/pids.txt'), 'utf8').trim().split('\n').map(Number);
    expect(pids).toHaveLength(2);
    for (let tries = 0; pids.some((pid) => processTable.identify(pid)) && tries < 100; tries++)
      await sleep(50);
    expect(pids.filter((pid) => processTable.identify(pid) !== undefined)).toEqual([]);
  });

  it('stops when a score is good enough, and cannot be resumed then', async () => {
    const changes = {
      ...command(),
      handlers: [{ name: 'MMARHandler', args: { stop_threshold: 0.5, work_dir: 'searches' } }],
    };
    const root = makeScripted(SCORE, changes);
    const summary = await run(root, ['run_id=quick']);
    expect(summary).toMatchObject({
      status: 'stopped',
      reason: 'W1_1_J1 reached the stop_threshold of 0.5 with 0.5',
      runFolder: join(root, 'searches/quick'),
      resumable: false,
    });
    expect(summary.jobs).toHaveLength(1);
    expect(await faultsOf(run(root, ['run_id=quick'], { resume: true }))).toMatchObject([
      { code: 'run-finished' },
    ]);
  });

  it('that was stopped goes on with --resume and --trust, with what it was started with', async () => {
    const root = makeScripted(`test -e ../go || sleep 300; ${SCORE}`);
    const stop = new AbortController();
    const observe = (observation: RunObservation): void => {
      if (observation.type === 'job' && observation.record.state === 'running')
        setTimeout(() => stop.abort(), 100);
    };
    const first = await run(root, ['run_id=two', 'workers=cpu:cpu'], { stop: stop.signal, observe });
    expect(first).toMatchObject({ status: 'interrupted', resumable: true });
    expect(first.jobs.map(({ state }) => state)).toEqual(['interrupted', 'interrupted']);
    writeFileSync(join(root, 'automl/two/go'), '');
    const overrides = unwrap(parseSetArguments(['run_id=two']));
    const second = await runAutoml({
      mmarRoot: root,
      overrides,
      resume: true,
      trust: true,
      ports: { devices },
    });
    expect(second).toMatchObject({ status: 'completed', resumable: false });
    expect(second.jobs.map(({ job, attempts }) => [job, attempts])).toEqual([
      ['W1_1_J1', 2],
      ['W2_1_J2', 2],
      [expect.stringMatching(/^W[12]_2_J3$/), 1],
    ]);
  });

  it('that stopped at its time limit can be resumed', async () => {
    const root = makeScripted('sleep 300');
    const summary = await run(root, ['run_id=limit', 'max_sys_run_time=0.3']);
    expect(summary).toMatchObject({
      status: 'interrupted',
      reason: 'it took longer than max_sys_run_time, 0.3 seconds',
    });
  });

  it('gives runs without a name the next free one', async () => {
    const root = makeScripted(SCORE, oneJob());
    expect([(await run(root, [])).runId, (await run(root, [])).runId]).toEqual(['run1', 'run2']);
  });

  it('writes a trace, to the console as well when asked', async () => {
    const root = makeScripted('echo epoch 1; ' + SCORE, {
      ...command({ msg_destination: 'console' }),
      controller: { name: 'RandomController', args: { max_rounds: 1 } },
    });
    const shown: string[] = [];
    const observe = (observation: RunObservation): void => {
      if (observation.type === 'trace') shown.push(`${observation.issuer}: ${observation.text}`);
    };
    await run(root, ['run_id=a', 'traceout=both', 'engTrace=hello.log'], { observe });
    expect(shown).toEqual(
      expect.arrayContaining([
        'engine: run_created',
        'engine: job_started W1_1_J1',
        'W1_1_J1: epoch 1',
        'engine: job_ended W1_1_J1 completed 0.5',
      ]),
    );
    const lines = readFileSync(join(root, 'automl/a/hello.log'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => line.slice(25))).toEqual(shown);
  });
});

describe('a search is refused', () => {
  const root = (): string => makeScripted(SCORE, oneJob());

  it('when its name is taken', async () => {
    const mmar = root();
    await run(mmar, ['run_id=a']);
    expect(await faultsOf(run(mmar, ['run_id=a']))).toEqual([
      {
        code: 'already-exists',
        file: 'automl/a',
        argument: 'run_id',
        message: 'There is a run of this name already.',
        allowed: '--resume to go on with it, or another run_id',
      },
    ]);
  });

  it('when there is nothing to resume, with the runs that there are', async () => {
    const mmar = root();
    expect(await faultsOf(run(mmar, ['run_id=b'], { resume: true }))).toMatchObject([
      { code: 'run-not-found', file: 'automl/b', allowed: 'a start without --resume' },
    ]);
    await run(mmar, ['run_id=a']);
    expect(await faultsOf(run(mmar, ['run_id=b'], { resume: true }))).toMatchObject([{ allowed: 'a' }]);
  });

  it('when a resume names no run and there are several', async () => {
    const mmar = root();
    mkdirSync(join(mmar, 'automl/a'), { recursive: true });
    mkdirSync(join(mmar, 'automl/b'));
    expect(await faultsOf(run(mmar, [], { resume: true }))).toMatchObject([
      { code: 'usage', argument: 'run_id', allowed: '--set run_id= and one of a, b' },
    ]);
  });

  it('when it is finished', async () => {
    const mmar = root();
    await run(mmar, ['run_id=a']);
    expect(await faultsOf(run(mmar, ['run_id=a'], { resume: true }))).toMatchObject([
      {
        code: 'run-finished',
        message: 'The run a is finished (completed: the controller has nothing more to try).',
      },
    ]);
  });

  it('while another process works on it', async () => {
    const mmar = makeScripted('sleep 300');
    const stop = new AbortController();
    let second: Promise<readonly Fault[]> | undefined;
    const observe = (observation: RunObservation): void => {
      if (observation.type === 'job')
        second ??= faultsOf(run(mmar, ['run_id=a'], { resume: true })).finally(() => stop.abort());
    };
    await run(mmar, ['run_id=a'], { stop: stop.signal, observe });
    expect(await second).toMatchObject([{ code: 'run-locked', file: 'automl/a/run.lock' }]);
  });

  it.each([
    ['run_id=../other', 'run_id', /a name of letters/],
    ['traceout=printer', 'traceout', /console, file, both/],
    ['max_job_run_time=soon', 'max_job_run_time', /seconds/],
    ['engTrace=../trace', 'engTrace', /a file in the run's folder/],
  ])('with --set %s', async (word, argument, allowed) => {
    expect(await faultsOf(run(root(), [word]))).toMatchObject([
      { code: 'usage', argument, allowed: expect.stringMatching(allowed) as string },
    ]);
  });

  it('when a worker names a GPU that is not there, before anything is made', async () => {
    const mmar = root();
    expect(await faultsOf(run(mmar, ['run_id=a', 'workers=0:1']))).toMatchObject([
      { code: 'unknown-device' },
    ]);
    expect(existsSync(join(mmar, 'automl'))).toBe(false);
  });

  it('when its config would write outside the MMAR, unless the user allows it', async () => {
    const handlers = [{ name: 'MMARHandler', args: { work_dir: '../elsewhere' } }];
    const root = makeScripted(SCORE, { ...command(), handlers });
    const outside = join(dirname(root), 'elsewhere');
    expect(await faultsOf(run(root, ['run_id=a']))).toMatchObject([
      {
        code: 'path-not-allowed',
        file: 'config/config_automl.json',
        path: ['handlers', 0, 'args', 'work_dir'],
        component: 'MMARHandler',
      },
    ]);
    expect(existsSync(outside)).toBe(false);
    const { status } = await run(root, ['run_id=a'], { writeTo: [outside] });
    expect([status, existsSync(join(outside, 'a/journal.jsonl'))]).toEqual(['completed', true]);
  });

  it('when the run folder cannot be made', async () => {
    const mmar = root();
    writeFileSync(join(mmar, 'automl'), 'a file');
    expect(await faultsOf(run(mmar, ['run_id=a']))).toMatchObject([
      { code: 'file-unwritable', file: 'automl', message: 'A file stands where a folder is needed.' },
    ]);
    rmSync(join(mmar, 'automl'));
    if (process.getuid?.() === 0) return;
    chmodSync(mmar, 0o555);
    expect(await faultsOf(run(mmar, ['run_id=a']))).toMatchObject([
      { code: 'file-unwritable', file: 'automl/a' },
    ]);
    chmodSync(mmar, 0o755);
  });

  it('when its config has a fault, and leaves no folder behind', async () => {
    const mmar = root();
    changeJson(join(mmar, 'config/config_train.json'), (config) => ({
      ...config,
      search: [{ domain: 'lr', type: 'float', args: ['no_such_value'], targets: [1, 0] }],
    }));
    const faults = await faultsOf(run(mmar, ['run_id=a']));
    expect(faults[0]).toMatchObject({ file: 'config/config_train.json' });
    expect(existsSync(join(mmar, 'automl'))).toBe(false);
  });

  it('when its jobs could not train, before the first of them: nothing is left behind', async () => {
    const mmar = makeMmar({ controller: { name: 'RandomController', args: { max_rounds: 1 } } });
    made.push(mmar);
    const faults = await faultsOf(run(mmar, ['run_id=a']));
    expect(faults).toMatchObject([
      { code: 'file-missing', component: 'CacheDataset', argument: 'data_list_file_path' },
    ]);
    expect(existsSync(join(mmar, 'automl'))).toBe(false);
  });

  it('when its data has gone since it was made', async () => {
    const mmar = await makeTrainableMmar({
      controller: { name: 'RandomController', args: { max_rounds: 1 } },
    });
    made.push(mmar);
    const stop = new AbortController();
    const launch: RunPorts['launcher']['launch'] = (spec) =>
      trainerLauncher.launch({ ...spec, entry: join(import.meta.dirname, 'programs/fake-trainer.ts') });
    await run(mmar, ['run_id=a'], {
      stop: stop.signal,
      observe: ({ type }) => type === 'job' && stop.abort(),
      ports: { launcher: { ...trainerLauncher, launch } },
    });
    rmSync(join(mmar, '../data/images'), { recursive: true });
    const faults = await faultsOf(run(mmar, ['run_id=a'], { resume: true }));
    expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(['image-missing']));
    expect(existsSync(join(mmar, 'automl/a/run.lock'))).toBe(false);
  });

  it('when something has changed since it was made', async () => {
    const mmar = makeScripted('sleep 300');
    const stop = new AbortController();
    await run(mmar, ['run_id=a'], {
      stop: stop.signal,
      observe: ({ type }) => type === 'job' && stop.abort(),
    });
    changeJson(join(mmar, 'config/config_train.json'), (config) => ({ ...config, epochs: 99 }));
    changeJson(join(mmar, 'config/config_automl.json'), (config) => ({
      ...config,
      controller: { name: 'RandomController', args: { max_rounds: 4 } },
    }));
    expect(await faultsOf(run(mmar, ['run_id=a'], { resume: true, seed: 4 }))).toMatchObject([
      {
        code: 'run-changed',
        message:
          'The run a was made with something else: the train config, the controller or its arguments, the seed (it was 3).',
      },
    ]);
  });

  it('when its code has changed, of which the run keeps its copy', async () => {
    const mmar = makeScripted('sleep 300');
    const stop = new AbortController();
    await run(mmar, ['run_id=a'], {
      stop: stop.signal,
      observe: ({ type }) => type === 'job' && stop.abort(),
    });
    const script = 'commands/automl_train_round.sh';
    const before = readFileSync(join(mmar, script), 'utf8');
    appendFileSync(join(mmar, script), '# changed\n');
    expect(await faultsOf(run(mmar, ['run_id=a'], { resume: true }))).toMatchObject([
      {
        code: 'run-changed',
        message: 'The run a was made with something else: the scripts in commands/.',
      },
    ]);
    expect(readFileSync(join(mmar, 'automl/a/code', script), 'utf8')).toBe(before);
  });

  it('when its journal is damaged, which is left as it is', async () => {
    const mmar = makeScripted('sleep 300');
    const stop = new AbortController();
    await run(mmar, ['run_id=a'], {
      stop: stop.signal,
      observe: ({ type }) => type === 'job' && stop.abort(),
    });
    const file = join(mmar, 'automl/a/journal.jsonl');
    const damaged = readFileSync(file, 'utf8').replace('"seed":3', '"seed":4');
    writeFileSync(file, damaged);
    expect(await faultsOf(run(mmar, ['run_id=a'], { resume: true }))).toMatchObject([
      { code: 'journal-damaged', file: 'automl/a/journal.jsonl', line: 1 },
    ]);
    expect(readFileSync(file, 'utf8')).toBe(damaged);
    expect(existsSync(join(mmar, 'automl/a/run.lock'))).toBe(false);
  });

  it("when it needs the MMAR's own code and that is not trusted", async () => {
    const mmar = makeScripted(SCORE, { ...command(), controller: { path: 'mine.Controller' } });
    mkdirSync(join(mmar, 'custom'), { recursive: true });
    appendFileSync(join(mmar, 'custom/mine.mjs'), 'export class Controller {}\n');
    expect(await faultsOf(run(mmar, ['run_id=a'], { trust: false }))).toMatchObject([
      {
        code: 'not-trusted',
        file: 'config/config_automl.json',
        path: ['controller'],
        component: 'mine.Controller',
      },
    ]);
    expect(readdirSync(join(mmar, 'automl'))).toEqual([]);
  });

  it("when its command is the MMAR's own and that is not trusted", async () => {
    const mmar = makeScripted(SCORE, oneJob());
    expect(await faultsOf(run(mmar, ['run_id=a'], { trust: false }))).toMatchObject([
      {
        code: 'not-trusted',
        component: 'CommandExecutor',
        message:
          "The command of the MMAR runs only when you trust the MMAR's own code: commands/automl_train_round.sh.",
      },
    ]);
    expect(existsSync(join(mmar, 'automl/a'))).toBe(false);
  });

  it('when it is resumed and nobody trusts its code now, whatever its journal says', async () => {
    const mmar = makeScripted('echo ran >> ../ran.txt; sleep 300', oneJob());
    const stop = new AbortController();
    await run(mmar, ['run_id=a'], {
      stop: stop.signal,
      observe: ({ type }) => type === 'job' && stop.abort(),
    });
    rmSync(join(mmar, 'automl/a/ran.txt'), { force: true });
    expect(await faultsOf(run(mmar, ['run_id=a'], { resume: true, trust: false }))).toMatchObject([
      { code: 'not-trusted', component: 'CommandExecutor' },
    ]);
    expect(existsSync(join(mmar, 'automl/a/ran.txt'))).toBe(false);
  });

  it('when the code that was trusted has changed', async () => {
    const mmar = makeScripted('sleep 300', oneJob());
    const stop = new AbortController();
    await run(mmar, ['run_id=a'], {
      stop: stop.signal,
      observe: ({ type }) => type === 'job' && stop.abort(),
    });
    appendFileSync(join(mmar, 'commands/automl_train_round.sh'), '# more');
    expect(await faultsOf(run(mmar, ['run_id=a'], { resume: true, trust: false }))).toMatchObject([
      { code: 'run-changed', message: expect.stringContaining('the scripts in commands/') as string },
    ]);
  });
});

describe('a run that is resumed', () => {
  it('reports a torn end of its journal', async () => {
    const mmar = makeScripted(`test -e ../go || sleep 300; ${SCORE}`, oneJob());
    const stop = new AbortController();
    await run(mmar, ['run_id=a'], {
      stop: stop.signal,
      observe: ({ type }) => type === 'job' && stop.abort(),
    });
    writeFileSync(join(mmar, 'automl/a/go'), '');
    appendFileSync(join(mmar, 'automl/a/journal.jsonl'), '{"seq":99,"at"');
    const resumed: unknown[] = [];
    const summary = await run(mmar, ['run_id=a'], {
      resume: true,
      observe: (observation) => {
        if (observation.type === 'entry' && observation.entry.event.type === 'resumed')
          resumed.push(observation.entry.event.cut);
      },
    });
    expect(summary.status).toBe('completed');
    expect(resumed).toEqual([
      expect.stringMatching(/^14 bytes of an event after entry \d+ that was never whole$/),
    ]);
  });

  it('is refused for a folder that has files but no journal, and keeps them', async () => {
    const mmar = makeScripted(SCORE, oneJob());
    mkdirSync(join(mmar, 'automl/a/W1_1_J1/models'), { recursive: true });
    writeFileSync(join(mmar, 'automl/a/W1_1_J1/models/model.pt'), 'weights');
    await expect(run(mmar, [], { resume: true })).rejects.toMatchObject({
      faults: [{ code: 'journal-damaged', file: 'automl/a/journal.jsonl' }],
    });
    expect(readFileSync(join(mmar, 'automl/a/W1_1_J1/models/model.pt'), 'utf8')).toBe('weights');
    expect(readdirSync(join(mmar, 'automl/a'))).toEqual(['W1_1_J1']);
  });

  it('begins anew when it was killed before its first event', async () => {
    const mmar = makeScripted(SCORE, oneJob());
    mkdirSync(join(mmar, 'automl/a'), { recursive: true });
    expect(await run(mmar, [], { resume: true })).toMatchObject({ runId: 'a', status: 'completed' });
  });
});
