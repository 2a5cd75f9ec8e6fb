import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { trainerMessage, type TrainerMessage } from '../../common/trainer-protocol.ts';
import type { LaunchSpec, ProcessExit, RunningTrainer, TrainerLauncher } from '../ports/trainer-launcher.ts';
import { withFileFaults } from './file-fault.ts';
import { MessageQueue } from './message-queue.ts';
import { signalGroup } from './process-group.ts';
import { reapProcess, writePidFile } from './reap-process.ts';

/**
 * Starts trainers as Node processes of their own, with messages over IPC. Each leads a process group: Ctrl-C in the
 * terminal reaches the program that started them and not them, and whatever they start is ended with them.
 */
export const trainerLauncher: TrainerLauncher = {
  launch: (spec) => withFileFaults(basename(spec.folder), () => launch(spec)),
  reap: reapProcess,
};

async function launch(spec: LaunchSpec): Promise<RunningTrainer> {
  const child = forkTrainer(spec);
  const exit = watchExit(child, spec.pidFile);
  const messages = collectMessages(child, exit);
  await whenSpawned(child);
  const pid = child.pid!;
  const kill = (graceMs: number): Promise<void> => killGroup(pid, exit, graceMs);
  try {
    await writePidFile(spec.pidFile, pid);
  } catch (error) {
    // Nobody would find it again after a crash: it must not run.
    await kill(0);
    throw error;
  }
  const post: RunningTrainer['post'] = (command) =>
    void (child.connected && child.send(command, () => undefined));
  return { pid, messages, exit, post, kill };
}

function forkTrainer(spec: LaunchSpec): ChildProcess {
  const log = openSync(spec.logFile, 'a');
  try {
    return fork(spec.entry, [...spec.args], {
      cwd: spec.folder,
      env: { ...process.env, ...spec.environment },
      // Flags of this process, such as a test runner's or a debugger's, are not meant for the trainer.
      execArgv: [],
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

/** Rejects when the process cannot be started at all. */
function whenSpawned(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
}

/** Settles when the process has ended and its last message has been read; ends what it has left behind. */
async function watchExit(child: ChildProcess, pidFile: string): Promise<ProcessExit> {
  const exit = await new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  if (process.platform !== 'win32') signalGroup(child.pid!, 'SIGKILL');
  if (child.connected) await new Promise<void>((resolve) => child.once('disconnect', () => resolve()));
  await rm(pidFile, { force: true });
  return exit;
}

function collectMessages(child: ChildProcess, exit: Promise<ProcessExit>): MessageQueue<TrainerMessage> {
  const queue = new MessageQueue<TrainerMessage>();
  child.on('message', (message) => {
    const parsed = trainerMessage.safeParse(message);
    if (parsed.success) queue.push(parsed.data);
  });
  void exit.then(() => queue.end());
  return queue;
}

async function killGroup(pid: number, exit: Promise<ProcessExit>, graceMs: number): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  const timer = new AbortController();
  await Promise.race([exit, sleep(graceMs, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
  signalGroup(pid, 'SIGKILL');
  await exit;
}
