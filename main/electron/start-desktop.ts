import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type * as Electron from 'electron';
import type { WindowRequest } from '../../common/api/window.ts';
import type { BackendMessage } from '../backend/host-protocol.ts';
import { openDefectLog } from '../node/defect-log.ts';
import { makePipeAddress } from '../node/pipe-address.ts';
import { answerPages } from './answer-pages.ts';
import { appScheme } from './app-address.ts';
import { Awake } from './awake.ts';
import { BackendProcess } from './backend-process.ts';
import { chromiumSwitches } from './chromium-switches.ts';
import { makeElectronDesktop } from './electron-desktop.ts';
import { openElectronSettings } from './electron-settings.ts';
import { forwardRequests } from './forward-request.ts';
import { guardContents, guardSession } from './guards.ts';
import { makeHostAnswers } from './host-answers.ts';
import { MainWindow } from './main-window.ts';
import { menuTemplate } from './menu-template.ts';
import { findPackedFiles, PACKED_ENDING } from './opened-files.ts';
import { PortRelay } from './port-relay.ts';
import type { ProgramPaths } from './program-paths.ts';
import { quitPolitely } from './quit-politely.ts';
import { RunTray } from './run-tray.ts';
import { openVault } from './vault.ts';
import { findChangedFiles } from './verify-program.ts';

/** What the desktop app uses of Electron. */
export type ElectronParts = Pick<
  typeof Electron,
  | 'app'
  | 'BrowserWindow'
  | 'dialog'
  | 'ipcMain'
  | 'Menu'
  | 'MessageChannelMain'
  | 'nativeImage'
  | 'nativeTheme'
  | 'Notification'
  | 'powerSaveBlocker'
  | 'protocol'
  | 'safeStorage'
  | 'screen'
  | 'session'
  | 'shell'
  | 'Tray'
>;

export interface DesktopSurroundings {
  readonly paths: ProgramPaths;
  readonly dataFolder: string;
  readonly platform: NodeJS.Platform;
  /** The command line without the program itself. */
  readonly args: readonly string[];
  readonly folder: string;
}

/** Long enough for trainers to write their checkpoints. */
const STOP_GRACE_MS = 60_000;
/** A program behind that ends as often as this within a minute is not started again. */
const MOST_STARTS_PER_MINUTE = 3;

/**
 * Starts the desktop app. False when it runs already: that one comes to the front.
 *
 * @throws Error when the files of the packaged program are not those that were packed
 */
export async function startDesktop(electron: ElectronParts, around: DesktopSurroundings): Promise<boolean> {
  const { app, protocol } = electron;
  // Chromium's own files lie with ours: one folder to look at, and to delete.
  app.setPath('userData', join(around.dataFolder, 'chromium'));
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return false;
  }
  app.enableSandbox();
  app.setAppUserModelId('org.outerloop.desktop');
  for (const [name, value] of chromiumSwitches) app.commandLine.appendSwitch(name, value);
  protocol.registerSchemesAsPrivileged([appScheme]);
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
  const early: string[] = [];
  let openFile = (file: string): void => void early.push(file);
  app.on('open-file', (event, file) => {
    event.preventDefault();
    openFile(file);
  });
  await app.whenReady();
  await verifyProgram(around.paths);
  const desktop = new DesktopApp(electron, around);
  openFile = (file) => desktop.openPacked(file);
  for (const file of [...early, ...findPackedFiles(around.args, around.folder)]) openFile(file);
  return true;
}

/** User code of an MMAR is asked about; code that took our place is not run at all. */
async function verifyProgram({ program, digests }: ProgramPaths): Promise<void> {
  const changed = digests === undefined ? [] : await findChangedFiles(program, digests);
  if (changed.length > 0)
    throw new Error(
      `${changed.length} files of the program are not as they were installed, so it does not start. ` +
        `Install it again. The first: ${changed.slice(0, 5).join(', ')}`,
    );
}

/** Everything between Electron's ready and its quit. */
class DesktopApp {
  readonly #electron: ElectronParts;
  readonly #around: DesktopSurroundings;
  readonly #window: MainWindow;
  readonly #relay: PortRelay;
  readonly #awake: Awake;
  readonly #tray: RunTray;
  readonly #desktop: ReturnType<typeof makeElectronDesktop>;
  readonly #answer: ReturnType<typeof makeHostAnswers>;
  readonly #vault: ReturnType<typeof openVault>;
  readonly #pipe = makePipeAddress();
  readonly #secret = randomBytes(32).toString('base64url');
  readonly #starts: number[] = [];
  #backend: BackendProcess;

  constructor(electron: ElectronParts, around: DesktopSurroundings) {
    this.#electron = electron;
    this.#around = around;
    const { app, safeStorage, session, ipcMain, MessageChannelMain } = electron;
    const { paths, dataFolder, platform } = around;
    this.#window = new MainWindow({
      ...electron,
      settings: openElectronSettings(dataFolder),
      look: { preload: paths.preload, icon: paths.icon, isDevelopment: !app.isPackaged },
    });
    this.#vault = openVault(safeStorage, platform);
    this.#desktop = makeElectronDesktop({
      ...electron,
      currentWindow: () => this.#window.current,
      showWindow: () => this.#window.show(),
    });
    this.#answer = makeHostAnswers(this.#desktop, this.#vault);
    guardSession(session.defaultSession);
    answerPages({
      protocol: electron.protocol,
      uiFolder: paths.ui,
      forward: forwardRequests(this.#pipe.address, this.#secret),
      onDefect: (error, operation) => openDefectLog(dataFolder).record(error, operation),
    });
    this.#relay = new PortRelay({
      ipcMain,
      MessageChannelMain,
      isOwnWindow: (contentsId) => this.#window.has(contentsId),
      send: (message) => this.#backend.send(message),
    });
    this.#tray = new RunTray({
      ...electron,
      platform,
      icon: paths.icon,
      showWindow: () => this.#window.show(),
      quit: () => app.quit(),
    });
    this.#awake = new Awake(this.#desktop.keepAwake, this.#quitPolitely());
    this.#backend = this.#startBackend();
    this.#showMenu();
    app.on('activate', () => this.#window.show());
    app.on('second-instance', (_event, args, folder) => {
      this.#window.show();
      for (const file of findPackedFiles(args.slice(1), folder)) this.openPacked(file);
    });
    this.#window.show();
  }

  /** Opens a packed MMAR in the window. */
  openPacked(file: string): void {
    this.#ask({ kind: 'open-packed', file });
  }

  #ask(request: WindowRequest): void {
    this.#backend.send({ type: 'ask', request });
    this.#window.show();
  }

  #startBackend(): BackendProcess {
    const { paths, dataFolder } = this.#around;
    this.#starts.push(Date.now());
    const backend = new BackendProcess({
      node: paths.node,
      entry: paths.backendEntry,
      logFile: join(dataFolder, 'logs', 'program.log'),
      onMessage: (message) => this.#receive(message),
      onLost: () => this.#recover(),
    });
    backend.send({
      type: 'start',
      dataFolder,
      pipe: this.#pipe.address,
      secret: this.#secret,
      protection: this.#vault.protection,
      backend: this.#vault.backend,
    });
    return backend;
  }

  #receive(message: BackendMessage): void {
    if (message.type === 'frame' || message.type === 'close') this.#relay.receive(message);
    else if (message.type === 'awake') this.#awake.begin(message.id, message.reason);
    else if (message.type === 'asleep') this.#awake.end(message.id);
    else if (message.type === 'running') this.#tray.show(message.searches);
    else if (message.type === 'call') void this.#answer(message).then((reply) => this.#backend.send(reply));
  }

  /** The program behind has ended by itself: it is started again, and the window dials anew. */
  #recover(): void {
    const isHopeless = this.#starts.filter((at) => Date.now() - at < 60_000).length >= MOST_STARTS_PER_MINUTE;
    if (!isHopeless) this.#backend = this.#startBackend();
    this.#relay.closeAll();
    this.#awake.endAll();
    this.#tray.remove();
    if (isHopeless)
      this.#electron.dialog.showErrorBox(
        'Outerloop could not go on',
        'The program behind the window has ended again and again. logs/program.log in its data folder says why. ' +
          'Searches that were running can be resumed at the next start.',
      );
  }

  #quitPolitely(): () => void {
    return quitPolitely({
      ...this.#electron,
      platform: this.#around.platform,
      runCount: () => this.#awake.count,
      hasWindow: () => this.#window.current !== undefined,
      tellGoesOn: () =>
        void this.#desktop.notify({
          title: 'The search goes on',
          text: 'Outerloop stays until it has ended. Open it again to see how far it is.',
        }),
      stop: async () => {
        await this.#backend.stop(STOP_GRACE_MS);
        this.#tray.remove();
        this.#pipe.remove();
      },
    });
  }

  #showMenu(): void {
    const { Menu, app } = this.#electron;
    const template = menuTemplate({
      platform: this.#around.platform,
      isDevelopment: !app.isPackaged,
      ask: (request) => this.#ask(request),
      openPacked: () => void this.#choosePacked(),
      showAbout: () => app.showAboutPanel(),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  async #choosePacked(): Promise<void> {
    const file = await this.#desktop.choose({
      kind: 'file',
      title: 'Open Packed MMAR',
      endings: [PACKED_ENDING.slice(1)],
    });
    if (file !== undefined) this.openPacked(file);
  }
}
