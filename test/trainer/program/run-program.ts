import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unwrap } from '../../../common/fault.ts';
import { trainStats, type TrainStats } from '../../../common/mmar/train-stats.ts';
import { trainerMessage, type TrainerMessage } from '../../../common/trainer-protocol.ts';
import type { DeviceMemory } from '../../../trainer/device-memory.ts';
import { MmarFiles } from '../../../trainer/files/mmar-files.ts';
import { parseInvocation } from '../../../trainer/program/arguments.ts';
import { evaluate } from '../../../trainer/program/evaluate.ts';
import { exportModel } from '../../../trainer/program/export-model.ts';
import type { Host } from '../../../trainer/program/host.ts';
import { readLogFormat } from '../../../trainer/program/log-format.ts';
import { createReporter } from '../../../trainer/program/reporter.ts';
import { train } from '../../../trainer/program/train.ts';

/** What a command said and how it ended. */
export interface ProgramResult {
  readonly exitCode: number;
  readonly messages: readonly TrainerMessage[];
  /** The lines of the log, without time and level. */
  readonly lines: readonly string[];
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Called with each message, as it is sent. */
  readonly onMessage?: (message: TrainerMessage) => void;
  readonly drawSeed?: () => number;
  /** Memory of the machine; without it nothing is refused for want of it. */
  readonly memory?: DeviceMemory;
}

/** Runs a command of the trainer in this process, on one thread. */
export async function runProgram(
  root: string,
  words: readonly string[],
  options: RunOptions = {},
): Promise<ProgramResult> {
  const messages: TrainerMessage[] = [];
  const files = new MmarFiles(root);
  const reporter = createReporter({
    progress: 'json',
    format: readLogFormat(files, undefined),
    write: (line) => {
      const message = trainerMessage.parse(JSON.parse(line));
      messages.push(message);
      options.onMessage?.(message);
    },
    now: () => new Date(0),
  });
  const host: Host = {
    files,
    reporter,
    signal: options.signal ?? new AbortController().signal,
    threads: 1,
    chooseProvider: () => ({ name: 'cpu' }),
    readMemory: () => options.memory,
    now: () => 1_700_000_000_000,
    elapsed: () => ({ trainSeconds: performance.now() / 1000, cpuSeconds: 0 }),
    drawSeed: options.drawSeed ?? (() => 1),
  };
  const invocation = unwrap(parseInvocation([words[0], '-m', root, ...words.slice(1)]));
  const exitCode = await runCommand();
  const lines = messages.flatMap((message) => (message.type === 'log' ? [message.text] : []));
  return { exitCode, messages, lines };

  function runCommand(): Promise<number> {
    switch (invocation.command) {
      case 'train':
        return train(invocation, host);
      case 'evaluate':
        return evaluate(invocation, host);
      case 'export':
        return exportModel(invocation, host);
      case 'help':
        throw new Error('help runs nothing');
    }
  }
}

export function readTrainStats(root: string): TrainStats {
  return trainStats.parse(JSON.parse(readFileSync(join(root, 'models/train_stats.json'), 'utf8')));
}

export const messagesOf = <Type extends TrainerMessage['type']>({ messages }: ProgramResult, type: Type) =>
  messages.filter((message): message is Extract<TrainerMessage, { type: Type }> => message.type === type);
