import { basename } from 'node:path';
import type { BrowserWindow, Dialog, Notification, PowerSaveBlocker, Shell } from 'electron';
import { FaultError } from '../../common/fault.ts';
import type { ChooseRequest, ChooseTargetRequest, Desktop } from '../ports/desktop.ts';
import { isWebPage } from './guards.ts';

export interface DesktopParts {
  readonly dialog: Pick<Dialog, 'showOpenDialog' | 'showSaveDialog' | 'showMessageBox'>;
  readonly shell: Pick<Shell, 'showItemInFolder' | 'trashItem' | 'openExternal'>;
  readonly powerSaveBlocker: Pick<PowerSaveBlocker, 'start' | 'stop'>;
  readonly Notification: Pick<typeof Notification, 'isSupported'> &
    (new (options: Electron.NotificationConstructorOptions) => Pick<Notification, 'on' | 'show'>);
  /** The window that dialogs belong to; undefined while none is open. */
  readonly currentWindow: () => BrowserWindow | undefined;
  readonly showWindow: () => void;
}

/** The desktop by Electron's own means; what is running is shown by run-tray.ts. */
export type ElectronDesktop = Omit<Desktop, 'showRunning'>;

export function makeElectronDesktop(parts: DesktopParts): ElectronDesktop {
  return {
    abilities: {
      dialogs: true,
      reveal: true,
      trash: true,
      notifications: parts.Notification.isSupported(),
    },
    choose: (request) => choose(parts, request),
    chooseTarget: (request) => chooseTarget(parts, request),
    reveal: async (path) => parts.shell.showItemInFolder(path),
    trash: (path) => trash(parts, path),
    openPage: (url) => openPage(parts, url),
    notify: async (notification) => notify(parts, notification),
    keepAwake: () => {
      const id = parts.powerSaveBlocker.start('prevent-app-suspension');
      return () => void parts.powerSaveBlocker.stop(id);
    },
  };
}

async function choose(
  { dialog, currentWindow }: DesktopParts,
  { kind, title, endings, from }: ChooseRequest,
): Promise<string | undefined> {
  const options: Electron.OpenDialogOptions = {
    title,
    properties: [kind === 'folder' ? 'openDirectory' : 'openFile', 'createDirectory', 'dontAddToRecent'],
    ...(from === undefined ? {} : { defaultPath: from }),
    ...(endings === undefined || endings.length === 0
      ? {}
      : { filters: [{ name: endings.map((ending) => `.${ending}`).join(', '), extensions: [...endings] }] }),
  };
  const window = currentWindow();
  const { filePaths } = await (window === undefined
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(window, options));
  return filePaths[0];
}

async function chooseTarget(
  { dialog, currentWindow }: DesktopParts,
  { title, fileName, from }: ChooseTargetRequest,
): Promise<string | undefined> {
  const options: Electron.SaveDialogOptions = {
    title,
    defaultPath: from === undefined ? fileName : `${from}/${fileName}`,
    properties: ['createDirectory', 'showOverwriteConfirmation', 'dontAddToRecent'],
  };
  const window = currentWindow();
  const { canceled, filePath } = await (window === undefined
    ? dialog.showSaveDialog(options)
    : dialog.showSaveDialog(window, options));
  return canceled || filePath === '' ? undefined : filePath;
}

async function trash({ shell }: DesktopParts, path: string): Promise<void> {
  try {
    await shell.trashItem(path);
  } catch {
    throw new FaultError({
      code: 'file-unwritable',
      file: basename(path),
      message: 'The system could not move it to its trash.',
    });
  }
}

/** Asks first: the address leaves the program. */
async function openPage({ dialog, shell, currentWindow }: DesktopParts, url: string): Promise<void> {
  if (!isWebPage(url))
    throw new FaultError({ code: 'usage', message: 'This is no page of the web.', allowed: 'http:, https:' });
  const options: Electron.MessageBoxOptions = {
    type: 'question',
    message: 'Open this page in your browser?',
    detail: url,
    buttons: ['Open', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  };
  const window = currentWindow();
  const { response } = await (window === undefined
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(window, options));
  if (response === 0) await shell.openExternal(url);
}

/** Those on show: one that is forgotten can no longer be clicked. */
const shown = new Set<unknown>();

function notify(
  { Notification, showWindow }: DesktopParts,
  { title, text }: { readonly title: string; readonly text: string },
): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification({ title, body: text });
  shown.add(notification);
  notification.on('click', () => {
    shown.delete(notification);
    showWindow();
  });
  notification.on('close', () => shown.delete(notification));
  notification.show();
}
