import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrainerMessage } from '../../../common/trainer-protocol.ts';
import { trainerLauncher } from '../../../main/node/launch-trainer.ts';
import { processTable } from '../../../main/node/process-table.ts';
import { reapProcess, writePidFile } from '../../../main/node/reap-process.ts';
import type { LaunchSpec, RunningTrainer } from '../../../main/ports/trainer-launcher.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outerloop-launch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function describeLaunch(code: string, changes: Partial<LaunchSpec> = {}): LaunchSpec {
  const entry = join(folder, 'program.mjs');
  writeFileSync(entry, code);
  return {
    entry,
    args: [],
    folder,
    environment: {},
    logFile: join(folder, 'log.txt'),
    pidFile: join(folder, 'trainer.pid'),
    ...changes,
  };
}

async function collect(trainer: RunningTrainer): Promise<TrainerMessage[]> {
  const messages: TrainerMessage[] = [];
  for await (const message of trainer.messages) messages.push(message);
  return messages;
}

const log = (): string => readFileSync(join(folder, 'log.txt'), 'utf8');
const isRunning = (pid: number): boolean => processTable.identify(pid) !== undefined;

async function waitFor(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition() && tries < 400; tries++) await sleep(25);
  expect(condition()).toBe(true);
}

describe('a trainer', () => {
  it('gets folder, arguments and environment; its output goes to the log, its messages and exit code come back', async () => {
    const code = `
      console.log(process.argv.slice(2).join(' '), process.env.OUTERLOOP_THREADS, process.env.HOME ?? 'no home', process.cwd());
      console.error('a warning');
      process.send({ type: 'log', level: 'info', text: 'hello' });
      process.send({ type: 'nonsense' });
      process.send({ type: 'log', level: 'error', text: 'bye' }, () => process.exit(4));`;
    const spec = describeLaunch(code, {
      args: ['train', '-m'],
      environment: { OUTERLOOP_THREADS: '3', HOME: undefined },
    });
    const trainer = await trainerLauncher.launch(spec);
    expect(JSON.parse(readFileSync(spec.pidFile, 'utf8'))).toMatchObject({ pid: trainer.pid });
    expect(await collect(trainer)).toEqual([
      { type: 'log', level: 'info', text: 'hello' },
      { type: 'log', level: 'error', text: 'bye' },
    ]);
    expect(await trainer.exit).toEqual({ code: 4, signal: null });
    expect(log()).toContain(`train -m 3 no home ${folder}`);
    expect(log()).toContain('a warning');
    expect(existsSync(spec.pidFile)).toBe(false);
  });

  it('hears commands', async () => {
    const code = `process.on('message', (message) => { console.log(message.reason); process.exit(3); });`;
    const trainer = await trainerLauncher.launch(describeLaunch(code));
    trainer.post({ type: 'abort', reason: 'enough' });
    expect(await trainer.exit).toEqual({ code: 3, signal: null });
    expect(log()).toBe('enough\n');
    trainer.post({ type: 'abort', reason: 'nobody hears this' });
  });

  it('that does not go politely is killed, with all that it started', async () => {
    const code = `
      import { spawn } from 'node:child_process';
      const child = spawn('sleep', ['300']);
      process.on('SIGTERM', () => console.log('not yet'));
      process.on('message', () => undefined);
      process.send({ type: 'log', level: 'info', text: String(child.pid) });`;
    const trainer = await trainerLauncher.launch(describeLaunch(code));
    const [first] = await firstMessages(trainer, 1);
    const grandchild = Number((first as { text: string }).text);
    expect(isRunning(grandchild)).toBe(true);
    await trainer.kill(200);
    expect(await trainer.exit).toEqual({ code: null, signal: 'SIGKILL' });
    await waitFor(() => !isRunning(grandchild));
  });

  it('that ends leaves no processes behind', async () => {
    const code = `
      import { spawn } from 'node:child_process';
      const child = spawn('sleep', ['300'], { stdio: 'ignore' });
      process.send({ type: 'log', level: 'info', text: String(child.pid) }, () => process.exit(0));`;
    const trainer = await trainerLauncher.launch(describeLaunch(code));
    const [message] = await collect(trainer);
    await trainer.exit;
    await waitFor(() => !isRunning(Number((message as { text: string }).text)));
  });

  it('whose log cannot be written is a fault that names its folder alone', async () => {
    const spec = describeLaunch('', { logFile: join(folder, 'gone/log.txt') });
    const error = await trainerLauncher.launch(spec).catch((caught: Error) => caught);
    expect(error).toMatchObject({ faults: [{ code: 'file-missing', file: basename(folder) }] });
  });

  it('whose pid file cannot be written does not run on', async () => {
    const spec = describeLaunch(`setTimeout(() => undefined, 60_000); console.log(process.pid);`, {
      pidFile: join(folder, 'gone/trainer.pid'),
    });
    await expect(trainerLauncher.launch(spec)).rejects.toMatchObject({ faults: [{ code: 'file-missing' }] });
    const started = log().trim();
    expect(started === '' || !isRunning(Number(started))).toBe(true);
  });

  it('of a module that is not there fails with an exit code', async () => {
    const trainer = await trainerLauncher.launch(describeLaunch('', { entry: join(folder, 'gone.mjs') }));
    expect((await trainer.exit).code).toBe(1);
    expect(log()).toContain('Cannot find module');
  });
});

async function firstMessages(trainer: RunningTrainer, count: number): Promise<TrainerMessage[]> {
  const messages: TrainerMessage[] = [];
  for await (const message of trainer.messages) {
    messages.push(message);
    if (messages.length === count) break;
  }
  return messages;
}

describe('a process that a killed program left behind', () => {
  const stubborn = `process.on('SIGTERM', () => undefined); process.on('message', () => undefined); process.send({ type: 'log', level: 'info', text: 'up' });`;

  it('is killed when it does not end by itself', async () => {
    const spec = describeLaunch(stubborn);
    const trainer = await trainerLauncher.launch(spec);
    await firstMessages(trainer, 1);
    await reapProcess(spec.pidFile, 100);
    expect(isRunning(trainer.pid)).toBe(false);
    expect(existsSync(spec.pidFile)).toBe(false);
  });

  it('is waited for when it does', async () => {
    const spec = describeLaunch(`setTimeout(() => console.log('saved'), 300);`);
    const trainer = await trainerLauncher.launch(spec);
    await reapProcess(spec.pidFile, 20_000);
    expect(log()).toBe('saved\n');
    expect(await trainer.exit).toEqual({ code: 0, signal: null });
  });

  it('is left alone when it is another one with the same number', async () => {
    const file = join(folder, 'trainer.pid');
    writeFileSync(file, JSON.stringify({ ...processTable.self(), started: 'long ago' }));
    await reapProcess(file, 0);
    expect(existsSync(file)).toBe(false);
  });

  it('is nobody when there is no file, or none that can be read', async () => {
    const file = join(folder, 'trainer.pid');
    await reapProcess(file, 0);
    writeFileSync(file, '{');
    await reapProcess(file, 0);
    await writePidFile(file, 2 ** 22 + 1);
    expect(existsSync(file)).toBe(false);
  });
});

describe('the table of processes', () => {
  it('knows a process by number and start time', () => {
    const self = processTable.self();
    expect(self.pid).toBe(process.pid);
    expect(self.started).not.toBe('');
    expect(processTable.identify(process.pid)).toEqual(self);
    expect(processTable.identify(process.ppid)?.started).not.toBe(self.started);
    expect(processTable.identify(2 ** 22 + 1)).toBeUndefined();
  });
});
