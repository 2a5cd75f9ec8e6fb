import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultError, type Fault } from '../../../common/fault.ts';
import type { Controller } from '../../../main/controllers/controller.ts';
import { Context } from '../../../main/engine/context.ts';
import type { Job, JobResult } from '../../../main/engine/executor.ts';
import { ChildUserCode } from '../../../main/user-code/child-user-code.ts';
import { contractSpaces } from '../../contracts/controller-spaces.ts';

let folder: string;
let userCode: ChildUserCode;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outerloop-user-'));
  mkdirSync(join(folder, 'mmar/custom'), { recursive: true });
  mkdirSync(join(folder, 'run'));
  userCode = new ChildUserCode([join(folder, 'mmar')], [join(folder, 'run')]);
});
afterEach(async () => {
  await userCode.close();
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string): void => writeFileSync(join(folder, 'mmar/custom', name), text);
const component = <Kind extends 'controller' | 'executor' | 'handler'>(
  kind: Kind,
  path: string,
  args = {},
) => ({
  kind,
  path,
  args,
  mmarRoot: join(folder, 'mmar'),
});

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof FaultError)) throw new Error(`expected a fault, got ${String(error)}`);
  return error.faults[0]!;
}

describe("an MMAR's own components", () => {
  it('a controller in TypeScript is asked and told', async () => {
    write(
      'search.ts',
      `export class Ladder {
         #steps: number;
         #next = 0;
         #prl = '';
         constructor(args: { steps: number }) { this.#steps = args.steps; }
         setSearchSpace({ space }: { space: { parameters: { prl: string; min: number }[] } }): void {
           this.#prl = space.parameters[0]!.prl;
         }
         initialRecommendation() { return [this.#one()]; }
         refineRecommendation() { return this.#next < this.#steps ? [this.#one()] : []; }
         plannedJobs() { return this.#steps; }
         #one() { return { id: this.#next++, values: { [this.#prl]: 0.001 * this.#next } }; }
       }`,
    );
    const controller: Controller = await userCode.load(
      component('controller', 'search.Ladder', { steps: 2 }),
    );
    await controller.setSearchSpace({ space: contractSpaces['floats only']!, seed: 1, numWorkers: 1 });
    expect(await controller.initialRecommendation()).toEqual([
      { id: 0, values: { 'lr.float.$2:learning_rate': 0.001 } },
    ]);
    expect(controller.plannedJobs?.()).toBe(2);
    const told = { recommendationId: 0, status: 'completed', score: 1 } as const;
    expect(await controller.refineRecommendation(told)).toHaveLength(1);
    expect(await controller.refineRecommendation({ ...told, recommendationId: 1 })).toEqual([]);
    await controller.shutdown();
  });

  it('a handler hears what it has methods for, changes the context and writes into the run folder', async () => {
    write(
      'notes.mjs',
      `import { writeFileSync } from 'node:fs';
       export class Notes {
         constructor({ file }) { this.file = file; }
         endJob(context) {
           writeFileSync(this.file, context.getProp('_jobName') + ' ' + context.getProp('_score'));
           context.setProp('noted', true);
           context.stopWork('Notes', 'enough');
         }
       }`,
    );
    const file = join(folder, 'run/notes.txt');
    const handler = await userCode.load(component('handler', 'notes.Notes', { file }));
    expect(handler.startJob).toBeUndefined();
    const asked: string[] = [];
    const listener = {
      stopAsked: (issuer: string, message: string) => void asked.push(issuer, message),
      traced: () => {},
      failed: () => {},
    };
    const context = new Context(listener);
    context.setProp('_jobName', 'W1_1_J1');
    context.setProp('_score', 0.5);
    await handler.endJob!(context);
    expect(readFileSync(file, 'utf8')).toBe('W1_1_J1 0.5');
    expect(context.getProp('noted')).toBe(true);
    expect(asked).toEqual(['Notes', 'enough']);
  });

  it('an executor reports, starts processes and hears that it has to stop', async () => {
    write(
      'train.js',
      `import { execFileSync } from 'node:child_process';
       export class Remote {
         determineSearchSpace() { return { parameters: [] }; }
         async execute(job) {
           job.report({ epoch: 1, loss: Number(execFileSync(process.execPath, ['-p', '0.25'])) });
           job.log('info', job.name);
           await new Promise((settle) => job.signal.addEventListener('abort', settle));
           return { status: 'aborted', reason: String(job.signal.reason) };
         }
       }`,
    );
    const executor = await userCode.load(component('executor', 'train.Remote'));
    const heard: unknown[] = [];
    const stop = new AbortController();
    const result: JobResult = await executor.execute({
      name: 'W1_1_J1',
      recommendation: { id: 0, values: {} },
      lease: { worker: 'W1', devices: [], threads: 1 },
      resume: false,
      context: new Context(),
      signal: stop.signal,
      report: (progress) => heard.push(progress),
      log: (level, text) => {
        heard.push([level, text]);
        stop.abort('enough');
      },
    });
    expect(result).toEqual({ status: 'aborted', reason: 'enough' });
    expect(heard).toEqual([{ epoch: 1, loss: 0.25 }, ['info', 'W1_1_J1']]);
  });

  it('cannot read, write or start what it has no business with', async () => {
    writeFileSync(join(folder, 'patient.txt'), 'secret');
    write(
      'curious.js',
      `import { readFileSync, writeFileSync } from 'node:fs';
       import { execFileSync } from 'node:child_process';
       import { Worker } from 'node:worker_threads';
       const attempts = {
         startup: (file) => readFileSync(file + '/patient.txt'),
         startAutoml: (file) => writeFileSync(file + '/mmar/custom/more.js', ''),
         startJob: () => execFileSync('true'),
         endJob: () => new Worker('', { eval: true }),
       };
       export class Curious {
         constructor({ file }) {
           for (const [name, attempt] of Object.entries(attempts)) this[name] = () => attempt(file);
         }
       }`,
    );
    const handler = await userCode.load(component('handler', 'curious.Curious', { file: folder }));
    for (const method of ['startup', 'startAutoml', 'startJob', 'endJob'] as const) {
      const fault = await faultOf(handler[method]!(new Context()) as Promise<void>);
      expect(fault).toMatchObject({ code: 'user-code' });
      expect(fault.message).toMatch(/Access to this API has been restricted/);
    }
  });

  it.each([
    ['broken.js', 'export class A {', 'broken.A', /"broken.A" cannot be loaded/],
    ['wrong.js', 'export class B {}', 'wrong.A', /exports no class "A"/],
    ['throws.js', 'export class A { constructor() { throw new Error("no luck"); } }', 'throws.A', /no luck/],
    [
      'less.js',
      'export class A { initialRecommendation() {} }',
      'less.A',
      /lacks setSearchSpace, refineRecommendation/,
    ],
    ['none.js', '', 'absent.A', /module of "absent.A" is not there/],
    ['none.js', '', 'justAName', /no path of a class/],
    ['none.js', '', '../mmar.A', /no path of a class/],
  ])('%s is refused by a fault that names it', async (file, text, path, message) => {
    write(file, text);
    const fault = await faultOf(userCode.load(component('controller', path)));
    expect(fault.code).toBe('user-code');
    expect(fault.message).toMatch(message);
    expect(fault.message).not.toContain(folder);
  });

  it('does not follow a link out of custom/', async () => {
    writeFileSync(join(folder, 'outside.js'), 'export class A {}');
    symlinkSync(join(folder, 'outside.js'), join(folder, 'mmar/custom/inside.js'));
    expect(await faultOf(userCode.load(component('handler', 'inside.A')))).toMatchObject({
      code: 'user-code',
      message: expect.stringContaining('leads out of custom/') as string,
    });
  });

  it('that end their process are a fault of the call, not the end of the run', async () => {
    write('gone.js', 'export class A { startup() { process.exit(3); } }');
    const handler = await userCode.load(component('handler', 'gone.A'));
    expect((await faultOf(handler.startup!(new Context()) as Promise<void>)).message).toContain(
      'exit code 3',
    );
    expect((await faultOf(handler.startup!(new Context()) as Promise<void>)).code).toBe('user-code');
  });
});

describe('Ctrl-C in a terminal', () => {
  it('reaches the child, which goes on until its parent ends it', async () => {
    write(
      'stopped.js',
      `import { setTimeout as sleep } from 'node:timers/promises';
       export class A { async startup(context) { process.kill(process.pid, 'SIGINT'); await sleep(50); context.setProp('alive', true); } }`,
    );
    const handler = await userCode.load(component('handler', 'stopped.A'));
    const context = new Context();
    await handler.startup!(context);
    expect(context.getProp('alive')).toBe(true);
  });
});

describe('answers that are no answers', () => {
  const job = (): Job => ({
    name: 'W1_1_J1',
    recommendation: { id: 0, values: {} },
    lease: { worker: 'W1', devices: [], threads: 1 },
    resume: false,
    context: new Context(),
    signal: new AbortController().signal,
    report: () => undefined,
    log: () => undefined,
  });

  it('of a controller are faults that say which method and what it should give', async () => {
    write(
      'wrong.js',
      `export class None { setSearchSpace() {} initialRecommendation() {} refineRecommendation() { return [{ id: 'a', values: {} }]; } }`,
    );
    const controller = await userCode.load(component('controller', 'wrong.None'));
    expect(await faultOf(Promise.resolve(controller.initialRecommendation()))).toMatchObject({
      code: 'user-code',
      component: 'wrong.None.initialRecommendation',
      allowed: 'a list',
    });
    const told = { recommendationId: 0, status: 'completed', score: 1 } as const;
    expect(await faultOf(Promise.resolve(controller.refineRecommendation(told)))).toMatchObject({
      component: 'wrong.None.refineRecommendation',
      path: [0, 'id'],
      allowed: 'a number',
    });
  });

  it('of an executor fail the job, and what is no progress is passed over with a warning', async () => {
    write(
      'train.js',
      `export class A {
         determineSearchSpace() { return { parameters: [{ type: 'float', prl: 'a' }] }; }
         execute({ report }) { report({ epoch: 'one' }); report({ loss: NaN }); return { status: 'fine' }; }
       }`,
    );
    const executor = await userCode.load(component('executor', 'train.A'));
    expect(await faultOf(Promise.resolve(executor.determineSearchSpace(new Context())))).toMatchObject({
      code: 'schema',
      path: ['parameters', 0, 'domain'],
    });
    const reported: unknown[] = [];
    const logged: string[] = [];
    const result = executor.execute({
      ...job(),
      report: (progress) => reported.push(progress),
      log: (level) => logged.push(level),
    });
    expect(await faultOf(result)).toMatchObject({
      component: 'train.A.execute',
      path: ['status'],
      allowed: expect.stringContaining('"completed", "failed"') as string,
    });
    expect(reported).toEqual([{ loss: null }]);
    expect(logged).toEqual(['warning']);
  });

  it('a score that is NaN is left to the engine', async () => {
    write(
      'nan.js',
      `export class A { determineSearchSpace() {} execute() { return { status: 'completed', score: NaN }; } }`,
    );
    const executor = await userCode.load(component('executor', 'nan.A'));
    expect(await executor.execute(job())).toEqual({ status: 'completed', score: NaN });
  });

  it("a controller's stopReason is asked for after each answer", async () => {
    write(
      'stops.js',
      `export class A {
         #told = 0;
         setSearchSpace() {}
         initialRecommendation() { return [{ id: 0, values: {} }]; }
         refineRecommendation() { this.#told++; return []; }
         stopReason() { return this.#told > 0 ? 'good enough' : undefined; }
       }`,
    );
    const controller = await userCode.load(component('controller', 'stops.A'));
    await controller.initialRecommendation();
    expect(controller.stopReason?.()).toBeUndefined();
    await controller.refineRecommendation({ recommendationId: 0, status: 'completed', score: 1 });
    expect(controller.stopReason?.()).toBe('good enough');
  });
});
