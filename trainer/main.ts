import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { FaultError, formatFault } from '../common/fault.ts';
import { makePrintable } from '../common/text/printable.ts';
import { NO_SCORE } from '../common/mmar/train-stats.ts';
import { readMemory } from './device-memory.ts';
import { MmarFiles } from './files/mmar-files.ts';
import { restrictWrites } from './files/write-places.ts';
import { parseInvocation, usageFor, type Invocation } from './program/arguments.ts';
import { describeFailure } from './program/describe-failure.ts';
import { evaluate } from './program/evaluate.ts';
import { EXIT_CODE, type ExitCode } from './program/exit-code.ts';
import { exportModel } from './program/export-model.ts';
import type { Host } from './program/host.ts';
import { readLogFormat } from './program/log-format.ts';
import { openParentChannel, type ParentChannel } from './program/parent-channel.ts';
import { readThreads } from './program/read-threads.ts';
import { createReporter, writeToStandardOutput, type Progress, type Reporter } from './program/reporter.ts';
import { selectProvider } from './program/select-provider.ts';
import { listenForStop } from './program/stop-signal.ts';
import { train } from './program/train.ts';

/** The trainer as a process: one command, with this process's environment, signals and channel. */
async function main(words: readonly string[], channel: ParentChannel | undefined): Promise<ExitCode> {
  const invocation = parseInvocation(words);
  if (!invocation.ok) {
    const reason = invocation.faults.map(formatFault).join('\n');
    process.stderr.write(makePrintable(`error: ${reason}\n\n${usageFor(words)}`));
    channel?.post({
      type: 'finished',
      status: 'failed',
      bestMetric: NO_SCORE,
      reason,
      faults: [...invocation.faults],
    });
    return EXIT_CODE.usage;
  }
  if (invocation.value.command !== 'help') return runCommand(invocation.value, channel);
  writeToStandardOutput(usageFor(words));
  return EXIT_CODE.completed;
}

async function runCommand(
  options: Exclude<Invocation, { command: 'help' }>,
  channel: ParentChannel | undefined,
): Promise<ExitCode> {
  const files = new MmarFiles(options.mmarRoot);
  const stop = listenForStop(process, () => process.exit(EXIT_CODE.aborted));
  try {
    requireFolder(files);
    const format = readLogFormat(files, options.logConfig);
    const progress = options.progress ?? readProgress(process.env.OUTERLOOP_PROGRESS);
    const post = channel === undefined ? {} : { post: channel.post };
    const reporter = createReporter({
      progress,
      format,
      write: writeToStandardOutput,
      now: () => new Date(),
      ...post,
    });
    restrictWrites(listWritePlaces(options, files.root));
    // Relative paths in a config count from the MMAR.
    process.chdir(files.root);
    const host = createHost(files, reporter, stop.signal);
    switch (options.command) {
      case 'train':
        return await train(options, host);
      case 'evaluate':
        return await evaluate(options, host);
      case 'export':
        return await exportModel(options, host);
    }
  } catch (error) {
    // What a command could not report itself, such as an MMAR that is not there.
    const { status, reason, faults, exitCode, stack } = describeFailure(error, files);
    process.stderr.write(makePrintable(`${stack ?? `error: ${reason}`}\n`));
    channel?.post({ type: 'finished', status, bestMetric: NO_SCORE, reason, faults: [...faults] });
    return exitCode;
  } finally {
    stop.close();
  }
}

/** Data that is named on the command line is to be read; other paths there are the user's own decision. */
const READ_ONLY = ['DATA_ROOT', 'DATASET_JSON', 'PRETRAIN_WEIGHTS_FILE'];

function listWritePlaces(options: Exclude<Invocation, { command: 'help' }>, root: string): readonly string[] {
  const set = Object.entries(options.settings.values).filter(([name]) => !READ_ONLY.includes(name));
  const texts = set.map(([, value]) => value).filter((value) => typeof value === 'string');
  const asked = texts.filter((text) => isAbsolute(text) || /^\.\.[\\/]/.test(text));
  const output = options.command === 'export' ? [dirname(options.outputPath)] : [];
  return [root, ...options.writeTo, ...[...asked, ...output].map((path) => resolve(root, path))];
}

/** A search that trains by a command asks for its progress this way. */
function readProgress(asked: string | undefined): Progress {
  return asked === 'lines' ? 'both' : 'text';
}

function requireFolder(files: MmarFiles): void {
  if (files.exists('.')) return;
  throw new FaultError({
    code: 'file-missing',
    file: basename(files.root),
    message: 'There is no such MMAR.',
    allowed: '-m FOLDER',
  });
}

function createHost(files: MmarFiles, reporter: Reporter, signal: AbortSignal): Host {
  return {
    files,
    reporter,
    signal,
    threads: readThreads(process.env.OUTERLOOP_THREADS, availableParallelism()),
    chooseProvider: (useGpu) => selectProvider(process.env, useGpu),
    readMemory,
    now: () => Date.now(),
    elapsed: () => {
      const { user, system } = process.cpuUsage();
      return { trainSeconds: performance.now() / 1000, cpuSeconds: (user + system) / 1e6 };
    },
    drawSeed: () => randomInt(2 ** 32),
  };
}

const channel = openParentChannel(process);
const exitCode = await main(process.argv.slice(2), channel);
await channel?.flush();
process.exit(exitCode);
