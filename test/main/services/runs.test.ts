import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { runsApi, runUpdate, type JobRow, type RunHead, type RunUpdate } from '../../../common/api/runs.ts';
import { FaultError } from '../../../common/fault.ts';
import { lockRun } from '../../../main/journal/run-lock.ts';
import { processTable } from '../../../main/node/process-table.ts';
import { changeJson } from '../automl/programs/make-mmar.ts';
import { MMAR, openDesk, SIX_JOBS } from '../run-desk/fakes/open-desk.ts';
import type { Script } from '../run-desk/fakes/scripted-launcher.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function open(script: Script = {}, changes = SIX_JOBS) {
  const place = await openDesk(script, changes);
  opened.push(() => place.dispose(place.desk));
  return place;
}

type Service = Awaited<ReturnType<typeof open>>['service'];

/** What a window knows after items: as renderer/features/runs keeps it. */
class Seen {
  head: RunHead | undefined;
  readonly jobs = new Map<string, JobRow>();
  readonly notes: string[] = [];
  items = 0;
  resets = 0;
  seq = 0;

  take(item: z.input<typeof runUpdate>): void {
    const update = runUpdate.parse(item);
    this.items++;
    if (update.isReset) {
      this.resets++;
      this.jobs.clear();
    }
    this.head = update.head ?? this.head;
    this.seq = update.seq;
    for (const job of update.jobs) this.jobs.set(job.job, job);
    this.notes.push(...update.notes.map(({ text }) => text));
  }
}

async function watchUntil(
  service: Service,
  input: { run: string; after?: number },
  isEnough: (seen: Seen) => boolean,
  seen = new Seen(),
): Promise<Seen> {
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(20_000)]);
  for await (const update of service.watch({ mmar: MMAR, ...input }, { signal })) {
    seen.take(update);
    if (isEnough(seen)) break;
  }
  ended.abort();
  return seen;
}

const form = (more: object = {}) => ({ mmar: MMAR, workers: '0:0', trust: false, seed: 5, ...more });
const at = (run: string) => ({ mmar: MMAR, run });
const call = { signal: new AbortController().signal };

async function faultsOf(promise: Promise<unknown>): Promise<readonly string[]> {
  const error = await promise.then(
    () => new Error('it worked'),
    (caught: unknown) => caught,
  );
  if (!(error instanceof FaultError)) throw error;
  return error.faults.map(({ code }) => code);
}

describe('a run in the app', () => {
  it('goes on without a window, keeps the machine awake, and says when it has ended', async () => {
    const { service, desk, awake, said } = await open();
    const { run } = await service.start(form(), call);
    expect(run).toBe('run1');
    expect(awake.now).toBe(1);
    expect(await service.active({}, call)).toMatchObject([{ run: 'run1', state: 'running', place: 'here' }]);
    while ((await desk.active()).length > 0) await sleep(20);
    expect(awake).toEqual({ now: 0, ever: 1 });
    expect(said).toMatchObject([{ title: 'run1 is complete' }]);
    expect(said[0]!.text).toMatch(/^6 jobs, best score 0\.\d{4}$/);
    const { runs, broken } = await service.list({ mmar: MMAR }, call);
    expect(broken).toEqual([]);
    expect(runs).toMatchObject([
      {
        run: 'run1',
        state: 'completed',
        seed: 5,
        jobs: { started: 6, completed: 6, running: 0, planned: 6 },
      },
    ]);
  });

  it('shows a window that comes late everything, and then what changes', async () => {
    const { service } = await open({ epochMs: 30 });
    const { run } = await service.start(form(), call);
    await sleep(150);
    const seen = await watchUntil(service, { run }, ({ head }) => head?.state === 'completed');
    expect(seen.resets).toBe(1);
    expect([...seen.jobs.values()].map(({ number }) => number).toSorted((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
    for (const job of seen.jobs.values())
      expect(job).toMatchObject({
        state: 'completed',
        epoch: 4,
        loss: 0.25,
        attempts: 1,
        keyMetric: 'val_mean_dice',
      });
    const scores = [...seen.jobs.values()].map(({ score }) => score!);
    expect(seen.head!.best!.score).toBe(Math.max(...scores));
    expect(seen.notes[0]).toMatch(/^Started with the seed 5 and 2 workers \(0:0\)/);
  });

  it.each(['failed', 'diverged'] as const)(
    'gives a job that %s no score, whatever it had reached',
    async (status) => {
      const { service } = await open({ status });
      const { run } = await service.start(form(), call);
      const seen = await watchUntil(service, { run }, ({ head }) => head?.state === 'completed');
      expect([...seen.jobs.values()].map(({ state, score }) => [state, score])).toEqual(
        Array.from({ length: 6 }, () => [status, undefined]),
      );
      expect(seen.head!.best).toBeUndefined();
      expect(seen.head!.jobs).toMatchObject({ [status]: 6, completed: 0 });
    },
  );

  it('goes on after the last entry that a window has seen, also when the program was another one in between', async () => {
    const { service, desk, makeDesk } = await open({ epochMs: 250 });
    const { run } = await service.start(form(), call);
    const seen = await watchUntil(service, { run }, ({ jobs }) => jobs.size >= 3);
    await desk.dispose();
    const second = makeDesk();
    opened.push(() => second.desk.dispose());
    expect(await second.service.active({}, call)).toEqual([]);
    const resume = runsApi.watch.resume!({ mmar: MMAR, run }, {
      seq: seen.seq,
      isComplete: true,
    } as RunUpdate);
    const before = seen.jobs.size;
    await second.service.resume({ mmar: MMAR, run }, call);
    await watchUntil(
      second.service,
      { run, after: resume.after! },
      ({ head }) => head?.state === 'completed',
      seen,
    );
    expect(seen.resets).toBe(1);
    expect(before).toBeLessThan(6);
    expect(seen.jobs.size).toBe(6);
    expect([...seen.jobs.values()].every(({ state }) => state === 'completed')).toBe(true);
    expect(seen.notes.filter((text) => text === 'Resumed')).toHaveLength(1);
    expect([...seen.jobs.values()].some(({ attempts }) => attempts === 2)).toBe(true);
  });

  it('sends a window that knows more than there is everything anew', async () => {
    const { service, desk } = await open();
    const { run } = await service.start(form(), call);
    while ((await desk.active()).length > 0) await sleep(20);
    const seen = await watchUntil(service, { run, after: 100_000 }, () => true);
    expect(seen.resets).toBe(1);
    expect(seen.jobs.size).toBe(6);
  });

  it('sends a window that knows all nothing but the head', async () => {
    const { service, desk } = await open();
    const { run } = await service.start(form(), call);
    while ((await desk.active()).length > 0) await sleep(20);
    const { seq } = await watchUntil(service, { run }, () => true);
    const again = await watchUntil(service, { run, after: seq }, () => true);
    expect(again).toMatchObject({ resets: 0, head: { state: 'completed' }, notes: [] });
    expect(again.jobs.size).toBe(0);
  });
});

describe('steering', () => {
  it('pauses a worker and the run, and lifts it', async () => {
    const { service } = await open({ epochMs: 250 });
    const { run } = await service.start(form(), call);
    await watchUntil(service, { run }, ({ jobs }) => jobs.size > 0);
    expect(await service.pause({ ...at(run), worker: 'W2' }, call)).toEqual({ done: true });
    expect(await service.pause(at(run), call)).toEqual({ done: true });
    expect(await service.pause({ ...at(run), worker: 'W9' }, call)).toEqual({ done: false });
    await watchUntil(service, { run }, ({ head }) => head?.jobs.running === 0);
    await sleep(300);
    const paused = await watchUntil(service, { run }, () => true);
    expect(paused.head).toMatchObject({ state: 'running', jobs: { running: 0 } });
    await service.unpause(at(run), call);
    await service.unpause({ ...at(run), worker: 'W2' }, call);
    const ended = await watchUntil(service, { run }, ({ head }) => head?.state === 'completed');
    expect(ended.jobs.size).toBe(6);
    expect(ended.notes).toEqual(expect.arrayContaining(['Paused', 'W2 was paused', 'Goes on', 'W2 goes on']));
  });

  it('aborts one job, and the run goes on', async () => {
    const { service } = await open({ epochMs: 250 });
    const { run } = await service.start(form(), call);
    await watchUntil(service, { run }, ({ jobs }) => jobs.has('W1_1_J1'));
    expect(await service.abortJob({ ...at(run), job: 'W1_1_J1' }, call)).toEqual({ done: true });
    expect(await service.abortJob({ ...at(run), job: 'W1_9_J9' }, call)).toEqual({ done: false });
    const ended = await watchUntil(service, { run }, ({ head }) => head?.state === 'completed');
    expect(ended.jobs.get('W1_1_J1')!.state).toBe('aborted');
    expect(ended.head!.jobs).toMatchObject({ aborted: 1, completed: 5 });
  });

  it('stops after its jobs, and is gone on with', async () => {
    const { service } = await open({ epochMs: 150 });
    const { run } = await service.start(form(), call);
    await watchUntil(service, { run }, ({ jobs }) => jobs.size >= 2);
    expect(await service.stop({ ...at(run), when: 'after-jobs', resumable: true }, call)).toEqual({
      done: true,
    });
    const stopped = await watchUntil(service, { run }, ({ head }) => head?.state === 'interrupted');
    expect(stopped.head).toMatchObject({ isResumable: true, jobs: { interrupted: 0, running: 0 } });
    expect([...stopped.jobs.values()].every(({ state }) => state === 'completed')).toBe(true);
    await service.resume({ ...at(run), workers: '0' }, call);
    const ended = await watchUntil(service, { run }, ({ head }) => head?.state === 'completed');
    expect(ended.jobs.size).toBe(6);
  });

  it('refuses what does not run, what is finished, and what another program carries out', async () => {
    const { service, desk, root } = await open();
    const { run } = await service.start(form(), call);
    while ((await desk.active()).length > 0) await sleep(20);
    expect(await faultsOf(service.pause(at(run), call))).toEqual(['run-finished']);
    expect(await faultsOf(service.resume(at(run), call))).toEqual(['run-finished']);
    expect(await faultsOf(service.pause(at('none'), call))).toEqual(['run-not-found']);
    expect(await faultsOf(service.start(form({ run }), call))).toEqual(['already-exists']);

    // A killed run whose lock another process holds.
    const journal = join(root, 'automl', run, 'journal.jsonl');
    const lines = readFileSync(journal, 'utf8').split('\n');
    mkdirSync(join(root, 'automl/other'));
    writeFileSync(join(root, 'automl/other/journal.jsonl'), `${lines.slice(0, 6).join('\n')}\n`);
    const lock = await lockRun(join(root, 'automl/other/run.lock'), processTable);
    expect(await faultsOf(service.pause(at('other'), call))).toEqual(['run-locked']);
    expect(await faultsOf(service.remove({ ...at('other'), forever: true }, call))).toEqual(['run-locked']);
    await lock.release();
    const { runs } = await service.list({ mmar: MMAR }, call);
    expect(runs.find((head) => head.run === 'other')).toMatchObject({ state: 'killed', isResumable: true });
    expect(await faultsOf(service.remove({ ...at('other'), forever: false }, call))).toEqual(['usage']);
    await service.remove({ ...at('other'), forever: true }, call);
    expect(existsSync(join(root, 'automl/other'))).toBe(false);
  });
});

describe('what a run is looked at by', () => {
  it('lists a run whose journal is damaged with its fault', async () => {
    const { service, desk, root } = await open();
    const { run } = await service.start(form(), call);
    while ((await desk.active()).length > 0) await sleep(20);
    const file = join(root, 'automl', run, 'journal.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"score":0', '"score":1'));
    const { runs, broken } = await service.list({ mmar: MMAR }, call);
    expect(runs).toEqual([]);
    expect(broken).toMatchObject([{ run, faults: [{ code: 'journal-damaged' }] }]);
    expect(await faultsOf(watchUntil(service, { run }, () => true))).toEqual(['journal-damaged']);
  });

  it('gives the curves of jobs from what they wrote, and from the journal where that is gone', async () => {
    const { service, desk, root } = await open({ epochs: 5 });
    const { run } = await service.start(form(), call);
    while ((await desk.active()).length > 0) await sleep(20);
    const read = async (job: string) => {
      const curves = new Map<string, { epochs: number[]; values: (number | null)[] }>();
      const ended = new AbortController();
      for await (const part of service.curves({ ...at(run), jobs: [job] }, { signal: ended.signal })) {
        expect(part.from).toBe(0);
        curves.set(part.curve, part);
        if (curves.size === 3) break;
      }
      ended.abort();
      return curves;
    };
    const curves = await read('W1_1_J1');
    expect(curves.get('loss')).toMatchObject({ epochs: [1, 2, 3, 4, 5], values: [1, 0.5, 1 / 3, 0.25, 0.2] });
    expect(curves.get('score')!.epochs).toEqual([1, 2, 3, 4, 5]);
    writeFileSync(join(root, 'automl', run, 'W1_1_J1/models/train_stats.json'), '{');
    // Reports that came faster than the journal takes them were put together: the last one is there.
    expect((await read('W1_1_J1')).get('loss')!.epochs.at(-1)).toBe(5);
  });

  it('follows a log from its end, and from where a window was', async () => {
    const { service, desk, root } = await open();
    const { run } = await service.start(form(), call);
    while ((await desk.active()).length > 0) await sleep(20);
    const file = join(root, 'automl', run, 'W1_1_J1/log.txt');
    const take = async (count: number, from?: number, between?: () => void) => {
      const ended = new AbortController();
      const parts = [];
      const input = { ...at(run), job: 'W1_1_J1', ...(from === undefined ? {} : { from }) };
      for await (const part of service.log(input, { signal: ended.signal })) {
        parts.push(part);
        if (parts.length === count) break;
        between?.();
      }
      ended.abort();
      return parts;
    };
    const [first, second] = await take(2, undefined, () => writeFileSync(file, 'später €', { flag: 'a' }));
    expect(first).toMatchObject({ isReset: true, from: 0 });
    expect(first!.text).toMatch(/^epoch 1 loss 1\.000\n/);
    expect(second).toMatchObject({ isReset: false, text: 'später €' });
    // in the middle of a character: the rest of it is not read as one of its own
    expect((await take(1, second!.to - 4))[0]!.text).toContain('€');
    truncateSync(file, 5);
    expect(await take(1, second!.to)).toMatchObject([{ isReset: true, from: 0, to: 5, text: 'epoch' }]);
  });

  it('says how busy the machine is', async () => {
    const { service } = await open();
    const ended = new AbortController();
    for await (const use of service.machine({}, { signal: ended.signal })) {
      expect(use.cpuBusy).toBeGreaterThanOrEqual(0);
      expect(use.memoryUsedBytes).toBeLessThan(use.memoryTotalBytes);
      break;
    }
    ended.abort();
  });
});

describe('the plan of a run', () => {
  it('says jobs, workers, disk, and after a run how long it takes', async () => {
    const { service, desk, root } = await open();
    const first = await service.plan(form(), call);
    expect(first).toMatchObject({
      run: 'run1',
      automlConfs: ['config_automl.json'],
      controller: 'RandomController',
      executor: 'MMARExecutor',
      parameters: 3,
      jobs: { planned: 6, possible: null },
      workers: [
        { name: 'W1', devices: [], threads: 2 },
        { name: 'W2', devices: [], threads: 2 },
      ],
      bytesPerJob: { from: 'files' },
      needsTrust: false,
      faults: [],
    });
    expect(first.secondsPerJob).toBeUndefined();
    expect(first.freeBytes).toBeGreaterThan(0);
    expect(existsSync(join(root, 'automl'))).toBe(false);
    await service.start(form(), call);
    while ((await desk.active()).length > 0) await sleep(20);
    const second = await service.plan(form(), call);
    expect(second).toMatchObject({
      run: 'run2',
      secondsPerJob: { from: 'earlier-runs', jobs: 6 },
      bytesPerJob: { from: 'earlier-runs', jobs: 5 },
    });
    expect(second.secondsInAll).toBeCloseTo(3 * second.secondsPerJob!.value);
    expect(second.bytesInAll).toBeCloseTo(7 * second.bytesPerJob!.value);
    const { faults } = await service.plan(form({ run: 'run1' }), call);
    expect(faults.map(({ code }) => code)).toEqual(['already-exists']);
  });

  it('names everything that would stop it', async () => {
    const { service, root } = await open();
    changeJson(join(root, 'config/environment.json'), (environment) => ({
      ...environment,
      ROI_SIZE: [15, 16, 16],
    }));
    const plan = await service.plan(form({ workers: '7' }), call);
    expect(plan.faults.map(({ code }) => code)).toContain('unknown-device');
    const onCpu = await service.plan(form(), call);
    expect(onCpu.faults.map(({ code }) => code)).toContain('size-not-divisible');
    expect(await faultsOf(service.start(form(), call))).toContain('size-not-divisible');
  });

  it('says before the start that a config would write outside the MMAR, where the user has not allowed it', async () => {
    const { service, root, writeTo } = await open();
    const folder = join(root, '../elsewhere');
    changeJson(join(root, 'config/config_automl.json'), (config) => ({
      ...config,
      handlers: [{ name: 'MMARHandler', args: { work_dir: '../elsewhere' } }],
    }));
    const codes = async (): Promise<readonly string[]> =>
      (await service.plan(form(), call)).faults.map(({ code }) => code);
    expect(await codes()).toEqual(['path-not-allowed']);
    expect(await faultsOf(service.start(form(), call))).toEqual(['path-not-allowed']);
    writeTo.push(folder);
    expect(await codes()).toEqual([]);
  });

  it('begins with what the search config says, and says otherwise where the form does', async () => {
    const { service, root } = await open();
    changeJson(join(root, 'config/config_automl.json'), (config) => ({
      ...config,
      engine: { workers: 'cpu:cpu:cpu', max_job_run_time: 90 },
    }));
    const plan = await service.plan(form({ workers: undefined }), call);
    expect(plan.defaults).toEqual({ workers: 'cpu:cpu:cpu', maxJobSeconds: 90 });
    expect(plan.workers).toHaveLength(3);
    const other = await service.plan(form({ workers: 'cpu' }), call);
    expect(other.workers).toHaveLength(1);
    const { run } = await service.start(form({ workers: undefined, maxJobSeconds: null }), call);
    const seen = await watchUntil(service, { run }, ({ head }) => head?.state === 'completed');
    expect(seen.head!.workers).toBe('cpu:cpu:cpu');
  });

  it("asks for trust before it would run the MMAR's own code", async () => {
    const { service } = await open({}, { controller: { path: 'mine.Controller', args: {} } });
    const plan = await service.plan(form(), call);
    expect(plan).toMatchObject({ needsTrust: true, jobs: { possible: null } });
    expect(plan.faults.map(({ code }) => code)).toContain('not-trusted');
  });

  it("does not take the window's word that the code is trusted", async () => {
    const { service, desk, root, trust } = await open(
      {},
      { controller: { path: 'mine.Controller', args: {} } },
    );
    mkdirSync(join(root, 'custom'), { recursive: true });
    writeFileSync(join(root, 'custom/mine.mjs'), 'throw new Error("it ran");\n');
    const trusting = form({ trust: true });
    expect(await faultsOf(service.start(trusting, call))).toEqual(['not-trusted']);
    expect((await service.plan(trusting, call)).faults.map(({ code }) => code)).toContain('not-trusted');
    const { digest } = await trust.view(root);
    await trust.trust(root, digest, { by: 'jdoe', at: '2020-01-02T03:04:05.000Z' });
    expect(await desk.trustedCode(trusting)).toBe(digest);
    expect(await faultsOf(service.start(trusting, call))).toEqual(['user-code']);
    writeFileSync(join(root, 'custom/mine.mjs'), 'throw new Error("another ran");\n');
    expect(await faultsOf(service.start(trusting, call))).toEqual(['not-trusted']);
  });

  it('shows what is wrong with a config that cannot be read', async () => {
    const { service, root } = await open();
    writeFileSync(join(root, 'config/config_automl.json'), '{');
    const plan = await service.plan(form(), call);
    expect(plan).toMatchObject({ parameters: 0, workers: [], faults: [{ code: 'json-syntax' }] });
  });

  it('measures a job that may write where the jobs of the run may', async () => {
    const { service, launcher, writeTo } = await open({ epochs: 50, epochMs: 10 });
    writeTo.push('/disk');
    const launch = launcher.launch.bind(launcher);
    const given: string[] = [];
    Object.assign(launcher, {
      launch: (spec: Parameters<typeof launch>[0]) => {
        given.push(...spec.args);
        return launch(spec);
      },
    });
    await service.measure(form(), call);
    expect(given.slice(given.indexOf('--write_to')).slice(0, 2)).toEqual(['--write_to', '/disk']);
  });

  it('measures steps where nothing was run before', async () => {
    const { service, root } = await open({ epochs: 50, epochMs: 10 });
    const { secondsPerJob } = await service.measure(form(), call);
    expect(secondsPerJob).toBeGreaterThan(0.3);
    expect(secondsPerJob).toBeLessThan(5);
    expect(existsSync(join(root, 'automl'))).toBe(false);
  });
});
