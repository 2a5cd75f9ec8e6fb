import { spawn } from 'node:child_process';
import type { TrainerMessage } from '../../common/trainer-protocol.ts';
import { signalGroup } from './process-group.ts';
import { parseProgressLine } from './progress-line.ts';
import { LineSplitter } from './split-lines.ts';

/**
 * The program that stands between the outer loop and a site's own training command. It is started as a trainer is, in
 * a process group of its own, runs the command given as its arguments within that group, and speaks the trainer's
 * protocol for it: every line of output is a sign of life, lines of progress become messages and stay out of the log,
 * `abort` and the end of the outer loop end the whole group.
 */
const GRACE_MS = 10_000;
const LINE_INTERVAL_MS = 100;

const [program, ...args] = process.argv.slice(2);
const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
let lastLineAt = 0;

passOn(child.stdout, process.stdout);
passOn(child.stderr, process.stderr);
child.once('error', (error) => finish(`the command cannot be started: ${error.message}`, 127));
child.once('close', (code, signal) => {
  if (code === 0) finish(undefined, 0);
  else
    finish(
      signal === null ? `the command ended with exit code ${code}` : `the command was ended by ${signal}`,
      code ?? 1,
    );
});
// The group's signals are meant for the command: this process stays to report its end.
process.on('SIGTERM', () => undefined);
process.on('message', endGroup);
process.on('disconnect', endGroup);
if (!process.connected) endGroup();

function passOn(from: NodeJS.ReadableStream, to: NodeJS.WritableStream): void {
  const lines = new LineSplitter((text, isWholeLine) => {
    const message = isWholeLine ? parseProgressLine(text) : undefined;
    if (message !== undefined) return say(message);
    to.write(text);
    showLine(text.trim());
  });
  from.setEncoding('utf8');
  from.on('data', (text: string) => lines.push(text));
  from.on('end', () => lines.end());
}

/** Not each of many: a sign of life, and something to look at. */
function showLine(text: string): void {
  const now = Date.now();
  if (text === '' || now - lastLineAt < LINE_INTERVAL_MS) return;
  lastLineAt = now;
  say({ type: 'log', level: 'info', text });
}

function endGroup(): void {
  signalGroup(process.pid, 'SIGTERM');
  setTimeout(() => signalGroup(process.pid, 'SIGKILL'), GRACE_MS).unref();
}

function finish(reason: string | undefined, exitCode: number): void {
  process.exitCode = exitCode;
  if (reason !== undefined) say({ type: 'log', level: 'error', text: reason });
  if (process.connected) process.disconnect();
}

function say(message: TrainerMessage): void {
  if (process.connected) process.send!(message);
}
