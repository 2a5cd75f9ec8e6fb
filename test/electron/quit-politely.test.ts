import { describe, expect, it, vi } from 'vitest';
import { Awake } from '../../main/electron/awake.ts';
import { quitPolitely } from '../../main/electron/quit-politely.ts';
import { makeFakeElectron } from './fake-electron.ts';

function begin({ platform = 'linux' as NodeJS.Platform, runCount = 0, hasWindow = true } = {}) {
  const electron = makeFakeElectron();
  const state = { runCount, hasWindow };
  const stopped = Promise.withResolvers<void>();
  const stop = vi.fn(() => stopped.promise);
  const tellGoesOn = vi.fn();
  const onIdle = quitPolitely({
    ...electron.parts,
    platform,
    runCount: () => state.runCount,
    hasWindow: () => state.hasWindow,
    tellGoesOn,
    stop,
  });
  return { ...electron, state, stop, tellGoesOn, stopped, onIdle };
}

describe('quitting', () => {
  it('waits until the program behind has stopped', async () => {
    const { app, stop, stopped, dialogs } = begin();
    app.quit();
    app.quit();
    expect(stop).toHaveBeenCalledOnce();
    expect(app.hasQuit).toBe(false);
    stopped.resolve();
    await vi.waitFor(() => expect(app.hasQuit).toBe(true));
    expect(dialogs.asked).toEqual([]);
  });

  it('asks while a search is running, and stops it on a yes', async () => {
    const { app, stop, stopped, dialogs } = begin({ runCount: 1 });
    dialogs.answers.push({ response: 1 });
    stopped.resolve();
    app.quit();
    app.quit();
    await vi.waitFor(() => expect(app.hasQuit).toBe(true));
    expect(stop).toHaveBeenCalledOnce();
    expect(dialogs.asked).toMatchObject([
      {
        message: 'A search is running.',
        buttons: ['Keep running', 'Stop and quit'],
        defaultId: 0,
        cancelId: 0,
      },
    ]);
  });

  it('goes on after a no, and asks again the next time', async () => {
    const { app, stop, dialogs } = begin({ runCount: 2 });
    dialogs.answers.push({ response: 0 }, { response: 0 });
    app.quit();
    await vi.waitFor(() => expect(dialogs.answers).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve));
    app.quit();
    await vi.waitFor(() => expect(dialogs.answers).toHaveLength(0));
    expect(stop).not.toHaveBeenCalled();
    expect(app.hasQuit).toBe(false);
    expect(dialogs.asked[0]).toMatchObject({ message: '2 searches are running.' });
  });
});

describe('closing the last window', () => {
  it('quits when nothing is running', () => {
    const { app, stop, tellGoesOn } = begin();
    app.fire('window-all-closed');
    expect(stop).toHaveBeenCalledOnce();
    expect(tellGoesOn).not.toHaveBeenCalled();
  });

  it('leaves a search running until it has ended, without a question, and says so', () => {
    const { app, stop, state, onIdle, dialogs, tellGoesOn } = begin({ runCount: 1 });
    app.fire('window-all-closed');
    expect(stop).not.toHaveBeenCalled();
    expect(tellGoesOn).toHaveBeenCalledOnce();
    Object.assign(state, { runCount: 0, hasWindow: false });
    onIdle();
    expect(stop).toHaveBeenCalledOnce();
    expect(dialogs.asked).toEqual([]);
  });

  it('does not quit at the end of a search while the window is open', () => {
    const { stop, onIdle } = begin();
    onIdle();
    expect(stop).not.toHaveBeenCalled();
  });

  it('never quits on macOS', () => {
    const { app, stop, onIdle, state } = begin({ platform: 'darwin' });
    state.hasWindow = false;
    app.fire('window-all-closed');
    onIdle();
    expect(stop).not.toHaveBeenCalled();
  });
});

describe('what keeps the machine awake', () => {
  it('is counted, and its last end is told', () => {
    const ended: string[] = [];
    const onIdle = vi.fn();
    const awake = new Awake((reason) => () => ended.push(reason), onIdle);
    awake.begin(1, 'one');
    awake.begin(2, 'two');
    expect(awake.count).toBe(2);
    awake.end(1);
    awake.end(1);
    awake.end(7);
    expect([ended, onIdle.mock.calls.length]).toEqual([['one'], 0]);
    awake.endAll();
    awake.endAll();
    expect([ended, onIdle.mock.calls.length, awake.count]).toEqual([['one', 'two'], 1, 0]);
  });
});
