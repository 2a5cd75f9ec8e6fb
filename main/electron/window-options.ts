import type { BrowserWindowConstructorOptions } from 'electron';
import { SMALLEST_WINDOW, type WindowPlace } from './window-bounds.ts';

export interface WindowLook {
  readonly place: WindowPlace;
  /** Absolute path of the bundled preload script. */
  readonly preload: string;
  readonly isDark: boolean;
  /** Whether the developer tools can be opened: not in the packaged program. */
  readonly isDevelopment: boolean;
  /** Absolute path of the icon, where the system takes it from the window. */
  readonly icon?: string;
}

/** --color-bg of both themes in renderer/ui/tokens.css: what is seen until the page is there. */
const BACKGROUNDS = { dark: '#0d1013', light: '#eceff2' };

/**
 * The window. Every option of its page that matters for security stands here, also where it is Electron's default: a
 * default can change, and docs/security.md names this file.
 */
export function windowOptions(look: WindowLook): BrowserWindowConstructorOptions {
  return {
    ...look.place.bounds,
    minWidth: SMALLEST_WINDOW.width,
    minHeight: SMALLEST_WINDOW.height,
    title: 'Outerloop',
    show: false,
    backgroundColor: look.isDark ? BACKGROUNDS.dark : BACKGROUNDS.light,
    ...(look.icon === undefined ? {} : { icon: look.icon }),
    webPreferences: {
      preload: look.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      safeDialogs: true,
      devTools: look.isDevelopment,
    },
  };
}
