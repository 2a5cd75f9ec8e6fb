import { beforeEach, describe, expect, it } from 'vitest';
import { makeElectronDesktop, type ElectronDesktop } from '../../main/electron/electron-desktop.ts';
import { makeHostAnswers } from '../../main/electron/host-answers.ts';
import { FakeNotification, makeFakeElectron, type FakeElectron } from './fake-electron.ts';

let electron: FakeElectron;
let desktop: ElectronDesktop;
let shows = 0;

beforeEach(() => {
  electron = makeFakeElectron();
  shows = 0;
  FakeNotification.shown.length = 0;
  FakeNotification.isSupported = () => true;
  desktop = makeElectronDesktop({
    ...electron.parts,
    currentWindow: () => undefined,
    showWindow: () => void shows++,
  });
});

describe('the desktop', () => {
  it('chooses folders and files with the dialogs of the system', async () => {
    electron.dialogs.answers.push(
      { canceled: false, filePaths: ['/data/liver'] },
      { canceled: true, filePaths: [] },
    );
    expect(await desktop.choose({ kind: 'folder', title: 'Open', from: '/data' })).toBe('/data/liver');
    expect(await desktop.choose({ kind: 'file', title: 'Open', endings: ['mmar', 'zip'] })).toBeUndefined();
    expect(electron.dialogs.asked).toEqual([
      {
        title: 'Open',
        defaultPath: '/data',
        properties: ['openDirectory', 'createDirectory', 'dontAddToRecent'],
      },
      {
        title: 'Open',
        properties: ['openFile', 'createDirectory', 'dontAddToRecent'],
        filters: [{ name: '.mmar, .zip', extensions: ['mmar', 'zip'] }],
      },
    ]);
  });

  it('chooses where to write', async () => {
    electron.dialogs.answers.push(
      { canceled: false, filePath: '/out/a.mmar' },
      { canceled: true, filePath: '' },
    );
    expect(await desktop.chooseTarget({ title: 'Pack', fileName: 'a.mmar', from: '/out' })).toBe(
      '/out/a.mmar',
    );
    expect(await desktop.chooseTarget({ title: 'Pack', fileName: 'a.mmar' })).toBeUndefined();
    expect(electron.dialogs.asked).toMatchObject([{ defaultPath: '/out/a.mmar' }, { defaultPath: 'a.mmar' }]);
  });

  it('reveals, and moves to the trash', async () => {
    await desktop.reveal('/data/liver');
    await desktop.trash('/data/liver');
    expect(electron.shell.calls).toEqual([
      ['reveal', '/data/liver'],
      ['trash', '/data/liver'],
    ]);
  });

  it('says what could not be moved to the trash, without its folder', async () => {
    electron.shell.failTrash = true;
    const error = await desktop.trash('/home/somebody/liver').catch((failure: unknown) => failure);
    expect(error).toMatchObject({ faults: [{ code: 'file-unwritable', file: 'liver' }] });
    expect(String(error)).not.toContain('somebody');
  });

  it('opens a page of the web after a yes', async () => {
    electron.dialogs.answers.push({ response: 0 }, { response: 1 });
    await desktop.openPage('https://mlflow.example/#/experiments/1');
    await desktop.openPage('https://mlflow.example/');
    expect(electron.shell.calls).toEqual([['open', 'https://mlflow.example/#/experiments/1']]);
    expect(electron.dialogs.asked[0]).toMatchObject({
      detail: 'https://mlflow.example/#/experiments/1',
      defaultId: 1,
      cancelId: 1,
    });
  });

  it.each(['file:///etc/passwd', 'smb://host/share', 'javascript:1', 'https://u:p@host/'])(
    'does not even ask about %s',
    async (url) => {
      await expect(desktop.openPage(url)).rejects.toMatchObject({ faults: [{ code: 'usage' }] });
      expect(electron.dialogs.asked).toEqual([]);
      expect(electron.shell.calls).toEqual([]);
    },
  );

  it('notifies, and shows the window when the notification is clicked', async () => {
    await desktop.notify({ title: 'Search finished', text: '8 jobs' });
    expect(FakeNotification.shown.map(({ options }) => options)).toEqual([
      { title: 'Search finished', body: '8 jobs' },
    ]);
    FakeNotification.shown[0]!.fire('click');
    expect(shows).toBe(1);
  });

  it('does not notify where there are no notifications', async () => {
    FakeNotification.isSupported = () => false;
    await desktop.notify({ title: 'Search finished', text: '' });
    expect(FakeNotification.shown).toEqual([]);
    expect(
      makeElectronDesktop({ ...electron.parts, currentWindow: () => undefined, showWindow: () => undefined })
        .abilities,
    ).toMatchObject({ notifications: false });
  });

  it('keeps the machine awake until told otherwise', () => {
    const ends = [desktop.keepAwake('one'), desktop.keepAwake('two')];
    expect(electron.blockers.size).toBe(2);
    for (const end of ends) end();
    expect(electron.blockers.size).toBe(0);
  });
});

describe('answers to the program behind', () => {
  const vault = {
    protection: 'encrypted' as const,
    encrypt: async (secret: string) => `sealed ${secret}`,
    decrypt: () => Promise.reject(new Error('the key is another')),
  };

  it('carry values, faults and defects', async () => {
    const answer = makeHostAnswers(desktop, vault);
    expect(await answer({ type: 'call', call: 1, method: 'encrypt', input: 'token' })).toEqual({
      type: 'reply',
      call: 1,
      value: 'sealed token',
    });
    expect(await answer({ type: 'call', call: 2, method: 'openPage', input: 'file:///x' })).toMatchObject({
      call: 2,
      faults: [{ code: 'usage' }],
    });
    expect(await answer({ type: 'call', call: 3, method: 'decrypt', input: 'x' })).toEqual({
      type: 'reply',
      call: 3,
      defect: 'the key is another',
    });
  });
});
