import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { trainerMessage, type TrainerMessage } from '../../../common/trainer-protocol.ts';
import { makePhantomMmar, type PhantomMmar } from './phantom-mmar.ts';
import { readTrainStats, runProgram } from './run-program.ts';

const entry = join(import.meta.dirname, '../../../trainer/main.ts');
const environment = { ...process.env, OUTERLOOP_THREADS: '1' };

const mmars: PhantomMmar[] = [];
const children: ChildProcess[] = [];
afterEach(() => {
  children.splice(0).forEach((child) => child.kill('SIGKILL'));
  mmars.splice(0).forEach((mmar) => mmar.remove());
});
function make(): PhantomMmar {
  const mmar = makePhantomMmar();
  mmars.push(mmar);
  return mmar;
}

interface Running {
  readonly child: ChildProcess;
  readonly messages: TrainerMessage[];
  readonly exit: Promise<{ code: number | null; signal: string | null }>;
  output(): string;
}

function start(
  words: readonly string[],
  onMessage: (message: TrainerMessage, child: ChildProcess) => void = () => {},
): Running {
  const child = fork(entry, [...words], {
    env: environment,
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.push(child);
  const messages: TrainerMessage[] = [];
  let output = '';
  child.stdout!.on('data', (chunk) => (output += String(chunk)));
  child.stderr!.on('data', (chunk) => (output += String(chunk)));
  child.on('message', (message) => {
    const parsed = trainerMessage.parse(message);
    messages.push(parsed);
    onMessage(parsed, child);
  });
  const exit = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.on('exit', (code, signal) => resolve({ code, signal })),
  );
  return { child, messages, exit, output: () => output };
}

const isSecondEpoch = (message: TrainerMessage): boolean =>
  message.type === 'iteration' && message.epoch === 2;

// Each starts Node and loads the runtime, which takes its time on a busy machine.
describe('the process', { timeout: 120_000 }, () => {
  it('sends messages over IPC, writes lines, and ends by itself', async () => {
    const { root } = make();
    const running = start(['train', '-m', root, '--set', 'epochs=1']);
    expect(await running.exit).toEqual({ code: 0, signal: null });
    const types = running.messages.map(({ type }) => type).filter((type) => type !== 'log');
    expect(types).toEqual(['ready', 'started', 'iteration', 'iteration', 'validation', 'epoch', 'finished']);
    expect(running.output()).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - trainer - INFO - Random seed: 5\n/,
    );
    expect(running.output()).toContain('Epoch: 1/1, Iter: 2/2 -- train_loss: 0.');
  });

  it('stops after the step when it is told to', async () => {
    const { root } = make();
    const running = start(['train', '-m', root, '--set', 'epochs=1000'], (message, child) => {
      if (isSecondEpoch(message)) child.send({ type: 'abort', reason: 'the run was stopped' });
    });
    expect(await running.exit).toEqual({ code: 3, signal: null });
    expect(running.messages.at(-1)).toMatchObject({
      type: 'finished',
      status: 'aborted',
      reason: 'the run was stopped',
    });
    expect(readTrainStats(root).status).toBe('aborted');
    expect(existsSync(join(root, 'models/resume.pt'))).toBe(true);
  });

  it('ends when the program that started it is gone', async () => {
    const { root } = make();
    const running = start(['train', '-m', root, '--set', 'epochs=1000'], (message, child) => {
      if (isSecondEpoch(message)) child.disconnect();
    });
    expect((await running.exit).code).toBe(3);
    expect(readTrainStats(root)).toMatchObject({
      status: 'aborted',
      reason: 'the program that started the training is gone',
    });
    expect(existsSync(join(root, 'models/resume.pt'))).toBe(true);
  });

  it('killed at any moment and resumed, it comes to the same bits', async () => {
    const [whole, broken] = [make(), make()];
    await runProgram(whole.root, ['train']);
    const killed = start(['train', '-m', broken.root], (message, child) => {
      if (isSecondEpoch(message)) child.kill('SIGKILL');
    });
    expect((await killed.exit).signal).toBe('SIGKILL');
    expect(readTrainStats(broken.root).status).toBe('running');
    const resumed = start(['train', '-m', broken.root, '--resume']);
    expect((await resumed.exit).code).toBe(0);
    expect(resumed.messages).toContainEqual(expect.objectContaining({ type: 'started', firstEpoch: 2 }));
    const read = ({ root }: PhantomMmar): Buffer => readFileSync(join(root, 'models/final_model.pt'));
    expect(read(broken).equals(read(whole))).toBe(true);
  });
});

describe('the command line', () => {
  const run = (...words: string[]) =>
    spawnSync(process.execPath, [entry, ...words], { env: environment, encoding: 'utf8' });

  it('explains itself', () => {
    const help = run('--help');
    expect([help.status, help.stdout.split('\n')[0]]).toEqual([
      0,
      'usage: outerloop <command> -m MMAR [options]',
    ]);
    const own = run('export', '--help').stdout;
    expect(own).toMatch(/^usage: outerloop export /);
    expect(own).toContain('--model_path');
    expect(own).not.toContain('--resume');
    const wrong = run('trian', '-m', 'x');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('There is no command "trian". Allowed: train, evaluate, export.');
  });

  it('lets configs write outside the MMAR only when it is told to', () => {
    const mmar = makePhantomMmar();
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    try {
      const environment = JSON.parse(
        readFileSync(join(mmar.root, 'config/environment.json'), 'utf8'),
      ) as object;
      mmar.write('config/environment.json', { ...environment, MMAR_CKPT_DIR: join(outside, 'weights') });
      const words = ['train', '-m', mmar.root, '--set', 'epochs=1', 'interval=1'];
      const refused = run(...words);
      expect(refused.status).toBe(1);
      expect(refused.stdout).toMatch(/outside the MMAR, and configs may not write there by themselves/);
      expect(existsSync(join(outside, 'weights'))).toBe(false);
      expect(run(...words, '--write_to', outside).status).toBe(0);
      expect(existsSync(join(outside, 'weights/final_model.pt'))).toBe(true);
    } finally {
      mmar.remove();
      rmSync(outside, { recursive: true });
    }
  });

  it('names an MMAR that is not there, without its place', () => {
    const missing = run('train', '-m', '/nowhere/at/all');
    expect([missing.status, missing.stderr]).toEqual([
      1,
      'error: all: There is no such MMAR. Allowed: -m FOLDER.\n',
    ]);
  });
});
