import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchCases } from './cases.ts';
import { readOperatorTimes } from './operator-times.ts';
import { startStepper, type StepTime, type Stepper } from './stepper.ts';

/**
 * One training step (forward, backward, Adam), ours beside PyTorch's: the same network, weights and batch, the same cores
 * and threads, in turns. Prints the ratio of the times and of the memory, and where our time goes.
 *
 *   npm run bench:train-step -- [--case small|clara] [--threads 2] [--rounds 12] [--python .venv/bin/python] [--shapes]
 */
const { values: options } = parseArgs({
  options: {
    case: { type: 'string' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '12' },
    python: { type: 'string', default: join(import.meta.dirname, '..', '..', '.venv', 'bin', 'python') },
    shapes: { type: 'boolean', default: false },
    operators: { type: 'string', default: '12' },
  },
});
const rounds = Number(options.rounds);
const names = options.case === undefined ? Object.keys(benchCases) : [options.case];

for (const name of names) {
  if (!(name in benchCases)) throw new Error(`no case "${name}": ${Object.keys(benchCases).join(', ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'outerloop-bench-'));
  try {
    console.log(`\n${name}: ${benchCases[name].title}; ${options.threads} threads, ${rounds} rounds`);
    await compare(name, folder);
    await printOperators(name, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function compare(name: string, folder: string): Promise<void> {
  const ours = await startOurs(name, folder);
  const torch = hasTorch() ? await startTorch(name, folder) : undefined;
  const steppers = torch === undefined ? [ours] : [ours, torch];
  const times = new Map<Stepper, StepTime[]>(steppers.map((stepper) => [stepper, []]));
  for (let round = -2; round < rounds; round++)
    for (const stepper of steppers) {
      const time = await stepper.step();
      if (round >= 0) times.get(stepper)!.push(time);
    }
  const [own, peer] = [...times.values()].map(summarize);
  const ownPeak = await ours.end();
  printRow(ours.runtime, own, ownPeak);
  if (torch === undefined) return;
  const peerPeak = await torch.end();
  printRow(torch.runtime, peer, peerPeak);
  const ratio = (time: keyof Summary): string => (peer[time] / own[time]).toFixed(2);
  console.log(
    `speed ratio (PyTorch's time / ours): ${ratio('medianMs')} of medians, ${ratio('fastestMs')} of the fastest, ` +
      `${ratio('cpuMs')} of processor time; memory ratio (ours / PyTorch's): ${(ownPeak / peerPeak).toFixed(2)}`,
  );
}

function startOurs(name: string, folder: string, ...more: string[]): Promise<Stepper> {
  const program = join(import.meta.dirname, 'ours.ts');
  return startStepper(process.execPath, [program, name, options.threads, folder, ...more]);
}

function startTorch(name: string, folder: string): Promise<Stepper> {
  return startStepper(options.python, [join(import.meta.dirname, 'peer.py'), name, options.threads, folder]);
}

function hasTorch(): boolean {
  try {
    execFileSync(options.python, ['-c', 'import torch'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log(
      'NO COMPARISON: there is no Python with PyTorch. Make one with ' +
        '"python3 -m venv .venv && .venv/bin/pip install torch==2.13.0", or name one with --python.',
    );
    return false;
  }
}

interface Summary {
  readonly medianMs: number;
  readonly fastestMs: number;
  readonly cpuMs: number;
  readonly lastLoss: number;
}

function summarize(times: readonly StepTime[]): Summary {
  const median = (numbers: readonly number[]): number =>
    numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
  const milliseconds = times.map(({ ms }) => ms);
  return {
    medianMs: median(milliseconds),
    fastestMs: Math.min(...milliseconds),
    cpuMs: median(times.map(({ cpuMs }) => cpuMs)),
    lastLoss: times.at(-1)!.loss,
  };
}

function printRow(runtime: string, { medianMs, fastestMs, cpuMs, lastLoss }: Summary, peakMiB: number): void {
  console.log(
    `${runtime.padEnd(22)} median ${medianMs.toFixed(0)} ms, fastest ${fastestMs.toFixed(0)} ms, ` +
      `processor ${cpuMs.toFixed(0)} ms, peak ${peakMiB.toFixed(0)} MiB, loss after ${rounds + 2} steps ${lastLoss.toFixed(5)}`,
  );
}

async function printOperators(name: string, folder: string): Promise<void> {
  const profiled = await startOurs(name, folder, 'profile');
  for (let step = 0; step < 4; step++) await profiled.step();
  await profiled.end();
  const operators = readOperatorTimes(folder, options.shapes);
  const total = operators.reduce((sum, { msPerStep }) => sum + msPerStep, 0);
  console.log(`operators, ${total.toFixed(0)} ms in all (each node's fastest run of 4):`);
  for (const { operator, count, msPerStep } of operators.slice(0, Number(options.operators))) {
    const share = ((100 * msPerStep) / total).toFixed(0);
    console.log(
      `  ${msPerStep.toFixed(1).padStart(8)} ms ${share.padStart(3)} %  ${String(count).padStart(4)} x ${operator}`,
    );
  }
}
