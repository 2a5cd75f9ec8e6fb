import type { MenuItemConstructorOptions, NativeImage, Tray } from 'electron';
import type { RunningSearch } from '../ports/desktop.ts';

export interface RunTrayParts {
  readonly Tray: new (image: NativeImage) => Pick<Tray, 'setToolTip' | 'setContextMenu' | 'on' | 'destroy'>;
  readonly Menu: Pick<typeof Electron.Menu, 'buildFromTemplate'>;
  readonly nativeImage: Pick<typeof Electron.nativeImage, 'createFromPath'>;
  readonly platform: NodeJS.Platform;
  /** Absolute path of the program's picture. */
  readonly icon: string;
  readonly showWindow: () => void;
  readonly quit: () => void;
}

/** In points, as the places that trays have are high. */
const ICON_SIZE: Readonly<Partial<Record<NodeJS.Platform, number>>> = { darwin: 18, win32: 16 };
const DEFAULT_ICON_SIZE = 22;
/** More lines than this make no menu. */
const MOST_LISTED = 8;

/**
 * A sign beside the system's clock as long as searches are running: the window may be closed meanwhile. It says how far
 * they are, opens the window, and quits, which asks first.
 */
export class RunTray {
  readonly #parts: RunTrayParts;
  #tray: InstanceType<RunTrayParts['Tray']> | undefined;

  constructor(parts: RunTrayParts) {
    this.#parts = parts;
  }

  /** Shows these searches; with none there is no sign. */
  show(searches: readonly RunningSearch[]): void {
    if (searches.length === 0) return this.remove();
    const tray = (this.#tray ??= this.#open());
    tray.setToolTip(`Outerloop: ${countSearches(searches.length)} running`);
    // On Linux a menu is a copy: a new state needs a new one.
    tray.setContextMenu(this.#parts.Menu.buildFromTemplate(trayMenu(searches, this.#parts)));
  }

  remove(): void {
    this.#tray?.destroy();
    this.#tray = undefined;
  }

  #open(): InstanceType<RunTrayParts['Tray']> {
    const { Tray, nativeImage, icon, platform, showWindow } = this.#parts;
    const size = ICON_SIZE[platform] ?? DEFAULT_ICON_SIZE;
    const tray = new Tray(
      nativeImage.createFromPath(icon).resize({ width: size, height: size, quality: 'best' }),
    );
    // On macOS a click opens the menu, which has this as an item.
    if (platform !== 'darwin') tray.on('click', showWindow);
    return tray;
  }
}

/** What is running, and what can be done about it. */
export function trayMenu(
  searches: readonly RunningSearch[],
  { showWindow, quit }: Pick<RunTrayParts, 'showWindow' | 'quit'>,
): MenuItemConstructorOptions[] {
  const more = searches.length - MOST_LISTED;
  return [
    { label: 'Open Outerloop', click: showWindow },
    { type: 'separator' },
    ...searches.slice(0, MOST_LISTED).map(({ run, text }) => ({ label: `${run}: ${text}`, enabled: false })),
    ...(more > 0 ? [{ label: `${more} more`, enabled: false }] : []),
    { type: 'separator' },
    { label: 'Quit Outerloop…', click: quit },
  ];
}

const countSearches = (count: number): string => (count === 1 ? '1 search is' : `${count} searches are`);
