import { mkdirSync } from 'node:fs';
import { createApp } from '../../main/app.ts';
import { KnownMmars } from '../../main/library/known-mmars.ts';
import { openFileSecrets } from '../../main/node/file-secrets.ts';
import { openFileSettings } from '../../main/node/file-settings.ts';
import { systemClock } from '../../main/node/system-clock.ts';
import { browserDesktop } from '../../main/serve/browser-desktop.ts';
import { startServer } from '../../main/serve/server.ts';

/** The app in this process, for a browser to look at. */
export interface OpenedApp {
  /** Opens the window; holds the token. */
  readonly url: string;
  /** Makes an MMAR known; its id. @param folder absolute path */
  addMmar(folder: string): Promise<string>;
  close(): Promise<void>;
}

/** @param places.dataFolder absolute path of an empty folder; `uiFolder`: of the built window */
export async function openApp(places: {
  readonly dataFolder: string;
  readonly uiFolder: string;
}): Promise<OpenedApp> {
  const { dataFolder, uiFolder } = places;
  mkdirSync(dataFolder, { recursive: true });
  const app = createApp({
    host: 'serve',
    dataFolder,
    uiFolder,
    desktop: browserDesktop,
    settings: openFileSettings(dataFolder),
    secrets: openFileSecrets(dataFolder),
  });
  const server = await startServer(app);
  return {
    url: server.url,
    addMmar: async (folder) => new KnownMmars(dataFolder, systemClock).add(folder),
    close: async () => {
      await server.close();
      await app.dispose();
    },
  };
}
