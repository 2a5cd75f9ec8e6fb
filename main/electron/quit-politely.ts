import type { App, Dialog } from 'electron';

export interface QuitParts {
  readonly app: Pick<App, 'on' | 'quit'>;
  readonly dialog: Pick<Dialog, 'showMessageBox'>;
  readonly platform: NodeJS.Platform;
  /** Searches that are running. */
  readonly runCount: () => number;
  readonly hasWindow: () => boolean;
  /** Tells the user that a search goes on without its window. */
  readonly tellGoesOn: () => void;
  /** Stops the program behind so that what was running can be resumed. */
  readonly stop: () => Promise<void>;
}

/**
 * Quits in order. Closing the window while a search is running leaves the program there: the next start shows it again.
 * Quitting while one is running asks, and then stops it so that it can be resumed.
 *
 * @returns to be called when the last search has ended: without a window the program has nothing left to do
 */
export function quitPolitely(parts: QuitParts): () => void {
  let phase: 'running' | 'asking' | 'stopping' | 'stopped' = 'running';
  const stop = async (): Promise<void> => {
    phase = 'stopping';
    await parts.stop();
    phase = 'stopped';
    parts.app.quit();
  };
  parts.app.on('before-quit', (event) => {
    if (phase === 'stopped') return;
    event.preventDefault();
    if (phase !== 'running') return;
    if (parts.runCount() === 0) return void stop();
    phase = 'asking';
    void askToStop(parts).then((isAgreed) => {
      if (isAgreed) return stop();
      phase = 'running';
    });
  });
  parts.app.on('window-all-closed', () => {
    if (parts.runCount() > 0) parts.tellGoesOn();
    else if (parts.platform !== 'darwin') parts.app.quit();
  });
  return () => {
    if (phase === 'running' && parts.platform !== 'darwin' && !parts.hasWindow()) parts.app.quit();
  };
}

async function askToStop({ dialog, runCount }: QuitParts): Promise<boolean> {
  const count = runCount();
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: count === 1 ? 'A search is running.' : `${count} searches are running.`,
    detail: 'Quitting stops it. What has finished is kept, and the search can be resumed later.',
    buttons: ['Keep running', 'Stop and quit'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}
