import type { MenuItemConstructorOptions } from 'electron';
import type { WindowRequest } from '../../common/api/window.ts';

export interface MenuParts {
  readonly platform: NodeJS.Platform;
  readonly isDevelopment: boolean;
  /** Asks the window. */
  readonly ask: (request: WindowRequest) => void;
  /** Asks for a packed MMAR and opens it. */
  readonly openPacked: () => void;
  readonly showAbout: () => void;
}

/** The menu by platform. What the page binds itself is shown beside the item and left to the page. */
export function menuTemplate(parts: MenuParts): MenuItemConstructorOptions[] {
  const isMac = parts.platform === 'darwin';
  return [
    ...(isMac ? [applicationMenu(parts)] : []),
    fileMenu(parts, isMac),
    editMenu(isMac),
    viewMenu(parts),
    goMenu(parts),
    { role: 'windowMenu' },
    helpMenu(parts, isMac),
  ];
}

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** An item that shows a view; its keys are the page's own (renderer/shell/navigation.ts). */
function place(parts: MenuParts, label: string, address: string, keys?: string): MenuItemConstructorOptions {
  return {
    label,
    click: () => parts.ask({ kind: 'go', address }),
    ...(keys === undefined ? {} : { accelerator: keys, registerAccelerator: false }),
  };
}

function applicationMenu(parts: MenuParts): MenuItemConstructorOptions {
  return {
    label: 'Outerloop',
    submenu: [
      { label: 'About Outerloop', click: parts.showAbout },
      separator,
      place(parts, 'Settings…', '#/settings', 'CommandOrControl+,'),
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  };
}

function fileMenu(parts: MenuParts, isMac: boolean): MenuItemConstructorOptions {
  return {
    label: '&File',
    submenu: [
      { label: 'Open Packed MMAR…', accelerator: 'CommandOrControl+O', click: parts.openPacked },
      place(parts, 'Open Image…', '#/image', 'CommandOrControl+7'),
      ...(isMac ? [] : [separator, place(parts, 'Settings…', '#/settings', 'CommandOrControl+,')]),
      separator,
      isMac ? { role: 'close' } : { role: 'quit', accelerator: 'CommandOrControl+Q' },
    ],
  };
}

/** Undo and redo reach the page as keys: its editors have histories of their own. */
function editMenu(isMac: boolean): MenuItemConstructorOptions {
  return {
    label: '&Edit',
    submenu: [
      { role: 'undo' },
      { role: 'redo' },
      separator,
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      ...(isMac ? [{ role: 'pasteAndMatchStyle' } as const] : []),
      { role: 'delete' },
      { role: 'selectAll' },
    ],
  };
}

function viewMenu({ isDevelopment }: MenuParts): MenuItemConstructorOptions {
  return {
    label: '&View',
    submenu: [
      // Without these keys' usual 0: that is the page's Library.
      { role: 'resetZoom', accelerator: 'CommandOrControl+Alt+0' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      separator,
      { role: 'togglefullscreen' },
      ...(isDevelopment
        ? [separator, { role: 'forceReload' } as const, { role: 'toggleDevTools' } as const]
        : []),
    ],
  };
}

function goMenu(parts: MenuParts): MenuItemConstructorOptions {
  return {
    label: '&Go',
    submenu: [
      place(parts, 'Library', '#/library', 'CommandOrControl+0'),
      place(parts, 'Tracking', '#/tracking', 'CommandOrControl+5'),
      place(parts, 'Diagnostics', '#/diagnostics', 'CommandOrControl+6'),
    ],
  };
}

function helpMenu(parts: MenuParts, isMac: boolean): MenuItemConstructorOptions {
  return {
    role: 'help',
    label: '&Help',
    submenu: [
      place(parts, 'Diagnostics', '#/diagnostics'),
      ...(isMac ? [] : [separator, { label: 'About Outerloop', click: parts.showAbout }]),
    ],
  };
}
