import { join } from 'node:path';
import { api, type OuterloopApi, type OuterloopHandlers } from '../common/api/index.ts';
import type { MmarId } from '../common/api/ids.ts';
import type { Channel } from '../common/rpc/channel.ts';
import type { ApiHandlers } from '../common/rpc/contract.ts';
import { serveApi } from '../common/rpc/serve-api.ts';
import { nodePorts } from './automl/run-request.ts';
import { KnownMmars } from './library/known-mmars.ts';
import { openDefectLog } from './node/defect-log.ts';
import { systemClock } from './node/system-clock.ts';
import type { Desktop } from './ports/desktop.ts';
import type { SecretStore } from './ports/secret-store.ts';
import type { SettingsStore } from './ports/settings-store.ts';
import { makeRequestHandler, type RequestHandler } from './resources/handle-request.ts';
import type { ResourceRoute } from './resources/resource-route.ts';
import { createChecksService } from './services/checks.ts';
import { createConnectionService } from './services/connection.ts';
import { createDataListService } from './services/data-list.ts';
import { createFilesService } from './services/files.ts';
import { RunDesk } from './run-desk/run-desk.ts';
import { createRunsService } from './services/runs.ts';

/** What differs between the hosts of the app. */
export interface AppPorts {
  readonly host: 'electron' | 'serve';
  /** Absolute path: what belongs to the user and to no MMAR. */
  readonly dataFolder: string;
  /** Absolute path of the built window. */
  readonly uiFolder: string;
  readonly desktop: Desktop;
  readonly settings: SettingsStore;
  readonly secrets: SecretStore;
}

/** The whole product behind one contract; Electron, `serve` and the tests make the same. */
export interface App {
  /** Answers a window until its channel closes. */
  attach(channel: Channel): void;
  /** Answers what is no call: the window's files, volumes, downloads. */
  readonly handleRequest: RequestHandler;
  /** Stops what is going on so that it can be resumed. */
  dispose(): Promise<void>;
}

/** The composition root: every service gets what it needs here and nowhere else. */
export function createApp(ports: AppPorts): App {
  const defects = openDefectLog(ports.dataFolder);
  const mmars = new KnownMmars(ports.dataFolder, systemClock);
  const folderOf = (mmar: MmarId): string => mmars.folderOf(mmar);
  const desk = new RunDesk({ folderOf, desktop: ports.desktop, ports: nodePorts });
  const handlers: OuterloopHandlers = {
    connection: createConnectionService(ports.host),
    files: createFilesService({
      folderOf,
      draftsFolder: join(ports.dataFolder, 'drafts'),
      desktop: ports.desktop,
      clock: systemClock,
    }),
    dataList: createDataListService(folderOf),
    checks: createChecksService(folderOf),
    runs: createRunsService({ desk, folderOf, ports: nodePorts }),
  };
  const routes: readonly ResourceRoute[] = [];
  const onDefect = (error: unknown, operation: string): string => defects.record(error, operation);
  return {
    attach: (channel) =>
      serveApi<OuterloopApi>(api, handlers as ApiHandlers<OuterloopApi>, channel, { onDefect }),
    handleRequest: makeRequestHandler({ uiFolder: ports.uiFolder, routes, onDefect }),
    dispose: () => desk.dispose(),
  };
}
