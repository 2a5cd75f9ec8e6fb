import { fork } from 'node:child_process';
import { join, resolve } from 'node:path';
import { previewMessage, type PreviewMessage } from '../../common/preview-protocol.ts';
import type { LaunchPreview } from '../ports/preview-launcher.ts';
import { MessageQueue } from './message-queue.ts';

const entry = join(resolve(import.meta.dirname, '../..'), 'trainer/preview/main.ts');

/** Starts the trainer's preview as a Node process of its own: what goes wrong in user code or for want of memory ends there. */
export const launchPreview: LaunchPreview = (mmarRoot) => {
  const child = fork(entry, [mmarRoot], {
    cwd: mmarRoot,
    // Flags of this process, such as a test runner's or a debugger's, are not meant for it.
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const queue = new MessageQueue<PreviewMessage>();
  child.on('message', (message) => {
    const parsed = previewMessage.safeParse(message);
    if (parsed.success) queue.push(parsed.data);
  });
  child.once('exit', () => queue.end());
  child.once('error', () => queue.end());
  return {
    messages: queue,
    post: (command) => void (child.connected && child.send(command, () => undefined)),
    kill: () => void child.kill('SIGKILL'),
  };
};
