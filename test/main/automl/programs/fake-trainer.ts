import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';

/**
 * Stands for the trainer: takes its arguments, sleeps, and writes a train_stats.json whose score depends on the config
 * alone. Notes in `ran.log` beside the run what it did. Some jobs block as native code does, and neither hear nor see
 * that whoever started them is gone.
 */
const jobRoot = process.argv[process.argv.indexOf('-m') + 1]!;
const job = basename(jobRoot);
const log = join(jobRoot, '../../ran.log');
const lock = join(jobRoot, 'running.lock');
const digest = createHash('sha256')
  .update(readFileSync(join(jobRoot, 'config/config_train.json')))
  .digest();
const note = (text: string): void => appendFileSync(log, `${text} ${job}\n`);
const sleepMs = 10 + (digest[0]! % 60);
const blocks = digest[1]! % 3 === 0;

function leave(): never {
  rmSync(lock, { force: true });
  process.exit(0);
}

/** The other end of the channel may be gone before anything says so. */
function ignoreError(): void {}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

process.on('disconnect', leave);
process.on('message', () => {
  note('aborted');
  leave();
});
if (!process.connected) process.exit(0);
if (existsSync(lock) && isRunning(Number(readFileSync(lock, 'utf8')))) note('overlap');
writeFileSync(lock, String(process.pid));
note(process.argv.includes('--resume') ? 'resumed' : 'started');
process.send!(
  { type: 'started', epochs: 1, firstEpoch: 1, iterationsPerEpoch: 1, parameters: 1 },
  ignoreError,
);
if (blocks) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, sleepMs);
  finish();
} else setTimeout(finish, Number(process.env.FAKE_TRAINER_MS ?? sleepMs));

/** In one turn: nothing can come between the note and the result. */
function finish(): never {
  const stats = {
    outerloop_train_stats: 1,
    status: 'completed',
    best_metric: digest.readUInt32BE(2) / 2 ** 32,
    best_epoch: 1,
    epochs: 1,
    max_epochs: 1,
    train: [],
    validation: [],
  };
  mkdirSync(join(jobRoot, 'models'), { recursive: true });
  note('done');
  writeFileSync(join(jobRoot, 'models/.draft'), JSON.stringify(stats));
  renameSync(join(jobRoot, 'models/.draft'), join(jobRoot, 'models/train_stats.json'));
  leave();
}
