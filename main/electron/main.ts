import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  Notification,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
} from 'electron';
import { dataFolder } from '../node/data-folder.ts';
import { locateProgram } from './program-paths.ts';
import { startDesktop } from './start-desktop.ts';

// Not awaited: Electron gets ready only when this module has been read to its end.
startDesktop(
  {
    app,
    BrowserWindow,
    dialog,
    ipcMain,
    Menu,
    MessageChannelMain,
    nativeImage,
    nativeTheme,
    Notification,
    powerSaveBlocker,
    protocol,
    safeStorage,
    screen,
    session,
    shell,
    Tray,
  },
  {
    paths: locateProgram({
      isPackaged: app.isPackaged,
      bundle: import.meta.dirname,
      resources: process.resourcesPath,
      platform: process.platform,
      processor: process.arch,
    }),
    dataFolder: dataFolder(),
    platform: process.platform,
    // In development the second argument is the program's folder.
    args: process.argv.slice(app.isPackaged ? 1 : 2),
    folder: process.cwd(),
  },
).catch((error: unknown) => {
  dialog.showErrorBox('Outerloop could not start', error instanceof Error ? error.message : String(error));
  app.exit(1);
});
