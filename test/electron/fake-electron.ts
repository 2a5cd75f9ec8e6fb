import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type * as Electron from 'electron';
import type { ElectronParts } from '../../main/electron/start-desktop.ts';

/*
 * Electron as far as the program uses it, behaving as its documentation says. Every part `satisfies` the real types, so a
 * signature that changes with a new Electron fails to compile. What it cannot prove stands in only-with-a-binary.ts.
 */

/** Events with Electron's cancellable event object. */
class Emitting {
  readonly #emitter = new EventEmitter();

  /** Returns nothing that anybody may use: Electron returns the whole object. */
  on(event: string, listener: (...args: never[]) => void): never {
    this.#emitter.on(event, listener as (...args: unknown[]) => void);
    return this as never;
  }

  once(event: string, listener: (...args: never[]) => void): never {
    this.#emitter.once(event, listener as (...args: unknown[]) => void);
    return this as never;
  }

  /** Fires an event; true when a listener prevented it. */
  fire(event: string, details: object = {}, ...args: unknown[]): boolean {
    let isPrevented = false;
    this.#emitter.emit(event, { ...details, preventDefault: () => (isPrevented = true) }, ...args);
    return isPrevented;
  }
}

export class FakeApp extends Emitting {
  isPackaged = false;
  readonly calls: string[] = [];
  readonly switches = new Map<string, string | undefined>();
  readonly paths = new Map<string, string>();
  hasLock = true;
  hasQuit = false;
  readonly commandLine = {
    appendSwitch: (name: string, value?: string): void => void this.switches.set(name, value),
  };
  readonly #ready = Promise.withResolvers<void>();

  becomeReady(): void {
    this.calls.push('ready');
    this.#ready.resolve();
  }
  whenReady(): Promise<void> {
    return this.#ready.promise;
  }
  setPath(name: string, path: string): void {
    this.calls.push('setPath');
    this.paths.set(name, path);
  }
  requestSingleInstanceLock(): boolean {
    this.calls.push('requestSingleInstanceLock');
    return this.hasLock;
  }
  enableSandbox(): void {
    this.calls.push('enableSandbox');
  }
  setAppUserModelId(): void {
    this.calls.push('setAppUserModelId');
  }
  showAboutPanel(): void {
    this.calls.push('showAboutPanel');
  }
  quit(): void {
    if (!this.fire('before-quit')) this.hasQuit = true;
  }
}

type UsedApp = Pick<
  Electron.App,
  | 'isPackaged'
  | 'whenReady'
  | 'setPath'
  | 'requestSingleInstanceLock'
  | 'enableSandbox'
  | 'setAppUserModelId'
  | 'showAboutPanel'
  | 'quit'
  | 'on'
>;

export class FakeContents extends Emitting {
  static #lastId = 0;
  readonly id = ++FakeContents.#lastId;
  reloads = 0;
  openHandler: ((details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse) | undefined;

  setWindowOpenHandler(handler: NonNullable<FakeContents['openHandler']>): void {
    this.openHandler = handler;
  }
  reload(): void {
    this.reloads++;
  }
}

export class FakeWindow extends Emitting {
  readonly webContents = new FakeContents();
  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly calls: string[] = [];
  url = '';
  #isMaximized = false;
  isClosed = false;
  #isMinimized = false;

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    this.options = options;
  }
  async loadURL(url: string): Promise<void> {
    this.url = url;
  }
  show(): void {
    this.calls.push('show');
  }
  focus(): void {
    this.calls.push('focus');
  }
  minimize(): void {
    this.#isMinimized = true;
  }
  restore(): void {
    this.#isMinimized = false;
  }
  isMinimized(): boolean {
    return this.#isMinimized;
  }
  maximize(): void {
    this.#isMaximized = true;
  }
  isMaximized(): boolean {
    return this.#isMaximized;
  }
  getNormalBounds(): Electron.Rectangle {
    const { x = 10, y = 20, width = 0, height = 0 } = this.options;
    return { x, y, width, height };
  }
  /** As its user closes it. */
  close(): void {
    if (this.fire('close')) return;
    this.isClosed = true;
    this.fire('closed');
  }
}

type UsedWindow = Pick<
  Electron.BrowserWindow,
  | 'loadURL'
  | 'show'
  | 'focus'
  | 'restore'
  | 'isMinimized'
  | 'maximize'
  | 'isMaximized'
  | 'getNormalBounds'
  | 'close'
  | 'on'
  | 'once'
>;

/** A port whose messages are really cloned. */
export class FakePort extends Emitting {
  readonly #port: MessagePort;

  constructor(port: MessagePort) {
    super();
    this.#port = port;
    port.on('close', () => this.fire('close'));
  }
  start(): void {
    this.#port.on('message', (data: unknown) => this.fire('message', { data, ports: [] }));
  }
  postMessage(message: unknown): void {
    this.#port.postMessage(message);
  }
  close(): void {
    this.#port.close();
  }
}

export class FakeMessageChannel {
  readonly port1: FakePort;
  readonly port2: FakePort;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new FakePort(port1);
    this.port2 = new FakePort(port2);
  }
}

export class FakeNotification extends Emitting {
  static readonly shown: FakeNotification[] = [];
  static isSupported = (): boolean => true;
  readonly options: Electron.NotificationConstructorOptions;

  constructor(options: Electron.NotificationConstructorOptions) {
    super();
    this.options = options;
  }
  show(): void {
    FakeNotification.shown.push(this);
  }
}

/** A sign in the tray, and what it shows now. */
export class FakeTray extends Emitting {
  static readonly shown = new Set<FakeTray>();
  readonly image: unknown;
  toolTip = '';
  menu: Electron.MenuItemConstructorOptions[] = [];

  constructor(image: unknown) {
    super();
    this.image = image;
    FakeTray.shown.add(this);
  }
  setToolTip(text: string): void {
    this.toolTip = text;
  }
  setContextMenu(menu: Electron.Menu | null): void {
    this.menu = menu as unknown as Electron.MenuItemConstructorOptions[];
  }
  destroy(): void {
    FakeTray.shown.delete(this);
  }
}

type Handler<
  Method extends
    | 'setPermissionRequestHandler'
    | 'setPermissionCheckHandler'
    | 'setDevicePermissionHandler'
    | 'setDisplayMediaRequestHandler',
> = Parameters<Electron.Session[Method]>[0];

export class FakeSession extends Emitting {
  permissionRequest: Handler<'setPermissionRequestHandler'> = null;
  permissionCheck: Handler<'setPermissionCheckHandler'> = null;
  devicePermission: Handler<'setDevicePermissionHandler'> = null;
  displayMedia: Handler<'setDisplayMediaRequestHandler'> = null;
  checksSpelling = true;
  beforeRequest:
    ((details: { url: string }, callback: (response: { cancel?: boolean }) => void) => void) | undefined;
  readonly webRequest = {
    onBeforeRequest: (listener: unknown): void =>
      void (this.beforeRequest = listener as FakeSession['beforeRequest']),
  };

  setPermissionRequestHandler(handler: FakeSession['permissionRequest']): void {
    this.permissionRequest = handler;
  }
  setPermissionCheckHandler(handler: FakeSession['permissionCheck']): void {
    this.permissionCheck = handler;
  }
  setDevicePermissionHandler(handler: FakeSession['devicePermission']): void {
    this.devicePermission = handler;
  }
  setDisplayMediaRequestHandler(handler: FakeSession['displayMedia']): void {
    this.displayMedia = handler;
  }
  setSpellCheckerEnabled(enable: boolean): void {
    this.checksSpelling = enable;
  }
}

/** A fresh Electron, and what a test looks at. */
export interface FakeElectron {
  readonly parts: ElectronParts;
  readonly app: FakeApp;
  readonly windows: FakeWindow[];
  readonly session: FakeSession;
  readonly schemes: Electron.CustomScheme[];
  /** What protocol.handle was given, by scheme. */
  readonly handlers: Map<string, (request: Request) => Response | Promise<Response>>;
  readonly ipc: Emitting;
  /** What dialogs are asked, and the answers that they give, first first. */
  readonly dialogs: { readonly asked: unknown[]; readonly answers: unknown[] };
  readonly shell: { readonly calls: (readonly [string, string])[]; failTrash: boolean };
  readonly blockers: Set<number>;
  menu: Electron.MenuItemConstructorOptions[];
  /** Sends the message of the preload script, as a frame would. The answer is the port of the page. */
  connect(frame?: Partial<SenderFrame>, contentsId?: number): FakePort | undefined;
}

interface SenderFrame {
  readonly url: string;
  readonly parent: unknown;
  postMessage(channel: string, message: unknown, transfer: readonly FakePort[]): void;
}

export function makeFakeElectron(): FakeElectron {
  const app = new FakeApp();
  const windows: FakeWindow[] = [];
  const session = new FakeSession();
  const ipc = new Emitting();
  const schemes: Electron.CustomScheme[] = [];
  const handlers: FakeElectron['handlers'] = new Map();
  const dialogs: FakeElectron['dialogs'] = { asked: [], answers: [] };
  const shellCalls: FakeElectron['shell'] = { calls: [], failTrash: false };
  const blockers = new Set<number>();
  app satisfies UsedApp;
  FakeTray.shown.clear();
  ({}) as FakeTray satisfies Pick<Electron.Tray, 'setToolTip' | 'setContextMenu' | 'on' | 'destroy'>;

  class BrowserWindow extends FakeWindow {
    constructor(options: Electron.BrowserWindowConstructorOptions) {
      super(options);
      windows.push(this);
      app.fire('web-contents-created', {}, this.webContents);
      this.on('closed', () => {
        if (windows.every(({ isClosed }) => isClosed)) app.fire('window-all-closed');
      });
    }
  }
  ({}) as BrowserWindow satisfies UsedWindow;

  const ask = async (...args: unknown[]): Promise<never> => {
    dialogs.asked.push(args.at(-1));
    if (dialogs.answers.length === 0) throw new Error('a dialog that no test expects');
    return dialogs.answers.shift() as never;
  };
  const fake: FakeElectron = {
    parts: undefined as never,
    app,
    windows,
    session,
    schemes,
    handlers,
    ipc,
    dialogs,
    shell: shellCalls,
    blockers,
    menu: [],
    connect: (frame, contentsId) => connectPage(fake, frame, contentsId),
  };
  const parts = {
    app,
    BrowserWindow,
    dialog: {
      showOpenDialog: ask,
      showSaveDialog: ask,
      showMessageBox: ask,
      showErrorBox: (title, content) => void dialogs.asked.push({ title, content }),
    } satisfies Pick<
      Electron.Dialog,
      'showOpenDialog' | 'showSaveDialog' | 'showMessageBox' | 'showErrorBox'
    >,
    ipcMain: ipc satisfies Pick<Electron.IpcMain, 'on'>,
    Menu: {
      buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => template as never,
      setApplicationMenu: (menu: unknown) => void (fake.menu = menu as Electron.MenuItemConstructorOptions[]),
    } satisfies Pick<typeof Electron.Menu, 'buildFromTemplate' | 'setApplicationMenu'>,
    MessageChannelMain: FakeMessageChannel,
    nativeImage: {
      createFromPath: (path) =>
        ({ resize: (options: object) => ({ path, ...options }) }) as unknown as Electron.NativeImage,
    } satisfies Pick<typeof Electron.nativeImage, 'createFromPath'>,
    nativeTheme: { shouldUseDarkColors: false } satisfies Pick<Electron.NativeTheme, 'shouldUseDarkColors'>,
    Notification: FakeNotification,
    powerSaveBlocker: {
      start: () => {
        const id = Math.max(0, ...blockers) + 1;
        blockers.add(id);
        return id;
      },
      stop: (id) => blockers.delete(id),
    } satisfies Pick<Electron.PowerSaveBlocker, 'start' | 'stop'>,
    protocol: {
      registerSchemesAsPrivileged: (added) => {
        app.calls.push('registerSchemesAsPrivileged');
        schemes.push(...added);
      },
      handle: (scheme, handler) =>
        void handlers.set(scheme, handler as (request: Request) => Response | Promise<Response>),
    } satisfies Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle'>,
    safeStorage: makeFakeSafeStorage(),
    screen: {
      getPrimaryDisplay: () => ({ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }) as Electron.Display,
      getAllDisplays: () => [],
    } satisfies Pick<Electron.Screen, 'getPrimaryDisplay' | 'getAllDisplays'>,
    session: { defaultSession: session },
    shell: {
      showItemInFolder: (path) => void shellCalls.calls.push(['reveal', path]),
      openExternal: async (url) => void shellCalls.calls.push(['open', url]),
      trashItem: async (path) => {
        if (shellCalls.failTrash) throw new Error(`Failed to move ${path}`);
        shellCalls.calls.push(['trash', path]);
      },
    } satisfies Pick<Electron.Shell, 'showItemInFolder' | 'openExternal' | 'trashItem'>,
    Tray: FakeTray,
  };
  return Object.assign(fake, { parts: parts as unknown as ElectronParts });
}

/** Seals by reversing; the key can be locked away, replaced, or be the one that everybody knows. */
export function makeFakeSafeStorage() {
  const state = {
    isAvailable: true,
    isRotated: false,
    backend: 'gnome_libsecret' as const as 'gnome_libsecret' | 'basic_text',
  };
  const reverse = (text: string): string => [...text].reverse().join('');
  return {
    state,
    isAsyncEncryptionAvailable: async () => state.isAvailable,
    getSelectedStorageBackend: () => state.backend,
    encryptStringAsync: async (text) => Buffer.from(`v1:${reverse(text)}`),
    decryptStringAsync: async (sealed) => {
      const text = sealed.toString();
      if (!text.startsWith('v1:')) throw new Error('the key is another');
      return { result: reverse(text.slice(3)), shouldReEncrypt: state.isRotated };
    },
  } satisfies Pick<
    Electron.SafeStorage,
    'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptStringAsync' | 'decryptStringAsync'
  > & { state: object };
}

function connectPage(
  { ipc, windows }: FakeElectron,
  frame: Partial<SenderFrame> = {},
  contentsId = windows.at(-1)?.webContents.id ?? 0,
): FakePort | undefined {
  let port: FakePort | undefined;
  const senderFrame: SenderFrame = {
    url: 'app://outerloop/',
    parent: null,
    postMessage: (_channel, _message, transfer) => void (port = transfer[0]),
    ...frame,
  };
  ipc.fire('outerloop-connect', { senderFrame, sender: { id: contentsId } });
  return port;
}
