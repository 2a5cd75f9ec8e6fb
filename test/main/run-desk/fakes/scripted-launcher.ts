import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TrainerMessage } from '../../../../common/trainer-protocol.ts';
import { MessageQueue } from '../../../../main/node/message-queue.ts';
import type { ProcessExit, TrainerLauncher } from '../../../../main/ports/trainer-launcher.ts';

export interface Script {
  readonly epochs?: number;
  readonly epochMs?: number;
  /** How each training ends that nobody stops; `completed` when left out. */
  readonly status?: 'completed' | 'failed' | 'diverged';
}

/**
 * Stands for trainers without a process: each "training" says what a real one says, epoch for epoch, writes
 * train_stats.json and a log, and ends with a score that follows from its job's learning rate.
 */
export function makeScriptedLauncher({
  epochs = 4,
  epochMs = 5,
  status: ending = 'completed',
}: Script = {}): TrainerLauncher & {
  readonly launched: string[];
} {
  const launched: string[] = [];
  return {
    launched,
    reap: async () => undefined,
    launch: async ({ folder, logFile }) => {
      const job = basename(folder);
      launched.push(job);
      const messages = new MessageQueue<TrainerMessage>();
      let settle: (exit: ProcessExit) => void = () => undefined;
      const exit = new Promise<ProcessExit>((resolve) => (settle = resolve));
      const train: { epoch: number; loss: number; learning_rate: number }[] = [];
      const validation: { epoch: number; metrics: Record<string, number> }[] = [];
      const best = scoreOf(folder);
      const end = (status: 'completed' | 'failed' | 'diverged' | 'aborted', code: number): void => {
        clearInterval(timer);
        writeStats(status);
        messages.push({ type: 'finished', status, bestMetric: best });
        messages.end();
        settle({ code, signal: null });
      };
      const writeStats = (status: string): void => {
        mkdirSync(join(folder, 'models'), { recursive: true });
        writeFileSync(
          join(folder, 'models/train_stats.json'),
          JSON.stringify({
            outerloop_train_stats: 1,
            status,
            key_metric: 'val_mean_dice',
            ...(validation.length === 0 ? {} : { best_metric: best, best_epoch: validation.at(-1)!.epoch }),
            epochs: train.length,
            max_epochs: epochs,
            train,
            validation,
          }),
        );
      };
      messages.push({ type: 'started', epochs, firstEpoch: 1, iterationsPerEpoch: 1, parameters: 10 });
      const timer = setInterval(() => {
        const epoch = train.length + 1;
        const loss = 1 / epoch;
        messages.push({ type: 'iteration', epoch, iteration: 1, loss, learningRate: 0.001 });
        messages.push({
          type: 'epoch',
          epoch,
          loss,
          metrics: {},
          secondsPerEpoch: epochMs / 1000,
          secondsLeft: ((epochs - epoch) * epochMs) / 1000,
        });
        const value = (best * epoch) / epochs;
        messages.push({
          type: 'validation',
          epoch,
          metrics: { val_mean_dice: value },
          perClass: {},
          keyMetric: 'val_mean_dice',
          bestMetric: value,
          bestEpoch: epoch,
        });
        train.push({ epoch, loss, learning_rate: 0.001 });
        validation.push({ epoch, metrics: { val_mean_dice: value } });
        appendFileSync(logFile, `epoch ${epoch} loss ${loss.toFixed(3)}\n`);
        if (epoch === epochs) end(ending, { completed: 0, failed: 1, diverged: 4 }[ending]);
      }, epochMs);
      return {
        pid: process.pid,
        messages,
        exit,
        post: () => end('aborted', 3),
        kill: async () => {
          clearInterval(timer);
          messages.end();
          settle({ code: null, signal: 'SIGKILL' });
        },
      };
    },
  };
}

/** Best at a learning rate of 0.001. */
function scoreOf(folder: string): number {
  const config = JSON.parse(readFileSync(join(folder, 'config/config_train.json'), 'utf8')) as {
    learning_rate: number;
  };
  return 0.9 - 0.1 * Math.abs(Math.log10(config.learning_rate) + 3);
}
