import type { BrowserWindow, BrowserWindowConstructorOptions, Rectangle } from 'electron';
import { settings } from '../../common/api/settings.ts';
import type { SettingsStore } from '../ports/settings-store.ts';
import { APP_PAGE } from './app-address.ts';
import { placeWindow, WINDOW_SETTING, type SavedWindow } from './window-bounds.ts';
import { windowOptions, type WindowLook } from './window-options.ts';

export interface MainWindowParts {
  readonly BrowserWindow: new (options: BrowserWindowConstructorOptions) => BrowserWindow;
  readonly screen: {
    getPrimaryDisplay(): { readonly workArea: Rectangle };
    getAllDisplays(): readonly { readonly workArea: Rectangle }[];
  };
  readonly nativeTheme: { readonly shouldUseDarkColors: boolean };
  readonly settings: SettingsStore;
  readonly look: Omit<WindowLook, 'place' | 'isDark'>;
}

/** The one window of the program: opened, brought to the front, remembered where it was. */
export class MainWindow {
  readonly #parts: MainWindowParts;
  #window: BrowserWindow | undefined;

  constructor(parts: MainWindowParts) {
    this.#parts = parts;
  }

  get current(): BrowserWindow | undefined {
    return this.#window;
  }

  /** Whether these contents are the window's. */
  has(contentsId: number): boolean {
    return this.#window?.webContents.id === contentsId;
  }

  /** Opens the window, or brings it to the front. */
  show(): void {
    if (this.#window === undefined) return this.#open();
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  #open(): void {
    const { BrowserWindow, screen, settings: store, look } = this.#parts;
    const areas = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map(({ workArea }) => workArea);
    const place = placeWindow(store.get(WINDOW_SETTING), areas);
    const window = new BrowserWindow(windowOptions({ ...look, place, isDark: this.#isDark() }));
    this.#window = window;
    if (place.isMaximized) window.maximize();
    window.once('ready-to-show', () => window.show());
    window.on('close', () => this.#remember(window));
    window.once('closed', () => (this.#window = undefined));
    // A renderer that crashed shows nothing any more; what was typed is in main's drafts.
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit') window.webContents.reload();
    });
    void window.loadURL(APP_PAGE);
  }

  #isDark(): boolean {
    const { settings: store, nativeTheme } = this.#parts;
    const appearance = settings.shape.appearance.safeParse(store.get('appearance'));
    const theme = appearance.success ? appearance.data.theme : 'dark';
    return theme === 'system' ? nativeTheme.shouldUseDarkColors : theme === 'dark';
  }

  #remember(window: BrowserWindow): void {
    const saved: SavedWindow = { ...window.getNormalBounds(), isMaximized: window.isMaximized() };
    try {
      this.#parts.settings.set(WINDOW_SETTING, saved);
    } catch {
      // A full disk must not keep the window open.
    }
  }
}
