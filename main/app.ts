import { join } from 'node:path';
import { ownContract } from '../common/api/contract.ts';
import { api, type OuterloopApi, type OuterloopHandlers } from '../common/api/index.ts';
import type { MmarId } from '../common/api/ids.ts';
import type { WindowRequest } from '../common/api/window.ts';
import type { Channel } from '../common/rpc/channel.ts';
import type { ApiHandlers } from '../common/rpc/contract.ts';
import { serveApi } from '../common/rpc/serve-api.ts';
import { nodePorts } from './automl/run-request.ts';
import { openWritePlaces } from './mmar/trust/write-places.ts';
import { KnownMmars } from './library/known-mmars.ts';
import { openLibrary } from './library/open-library.ts';
import { openDefectLog } from './node/defect-log.ts';
import { deviceProbe } from './node/device-probe.ts';
import { processTable } from './node/process-table.ts';
import { launchPreview } from './node/launch-preview.ts';
import { systemClock } from './node/system-clock.ts';
import type { Desktop } from './ports/desktop.ts';
import type { SecretStore } from './ports/secret-store.ts';
import type { SettingsStore } from './ports/settings-store.ts';
import { makeRequestHandler, type RequestHandler } from './resources/handle-request.ts';
import type { ResourceRoute } from './resources/resource-route.ts';
import { thumbnailsRoute, volumesRoute } from './resources/volumes.ts';
import { createChecksService } from './services/checks.ts';
import { createConnectionService } from './services/connection.ts';
import { createDataListService } from './services/data-list.ts';
import { createFilesService } from './services/files.ts';
import { createImagesService } from './services/images.ts';
import { createLibraryService } from './services/library.ts';
import { createSettingsService } from './services/settings.ts';
import { createSystemService } from './services/system.ts';
import { createWindowService, WindowRequests } from './services/window.ts';
import { browsableRoots } from './system/browsable-roots.ts';
import { requireInside } from './system/browse-folder.ts';
import { mmarFolder, readSettings } from './settings/read-settings.ts';
import { SharedStore } from './mlflow/shared-store.ts';
import { Courier } from './mlflow/outbox/courier.ts';
import { shareOutbox } from './mlflow/outbox/outbox.ts';
import { createRemotesService } from './services/remotes.ts';
import { trackingRoute } from './resources/tracking.ts';
import { createTrackingService } from './services/tracking.ts';
import { RunDesk } from './run-desk/run-desk.ts';
import { tellRunning } from './run-desk/tell-running.ts';
import { createRunsService } from './services/runs.ts';
import { createResultsService } from './services/results.ts';
import { makeResultsRoute } from './resources/results.ts';
import { Evaluations } from './run-results/evaluations.ts';
import { RunResults } from './run-results/run-results.ts';

/** What differs between the hosts of the app. */
export interface AppPorts {
  readonly host: 'electron' | 'serve';
  /** Absolute path: what belongs to the user and to no MMAR. */
  readonly dataFolder: string;
  /** Absolute path of the built window; left out where the host itself has it. */
  readonly uiFolder?: string;
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
  /** Asks the window to do something, as soon as there is one. */
  ask(request: WindowRequest): void;
  /** Stops what is going on so that it can be resumed. */
  dispose(): Promise<void>;
}

/** The composition root: every service gets what it needs here and nowhere else. */
export function createApp(ports: AppPorts): App {
  const defects = openDefectLog(ports.dataFolder);
  const mmars = new KnownMmars(ports.dataFolder, systemClock);
  const folderOf = (mmar: MmarId): string => mmars.folderOf(mmar);
  const { dataFolder, desktop, settings, secrets } = ports;
  const shelf = openLibrary({
    dataFolder,
    known: mmars,
    desktop,
    clock: systemClock,
    processes: processTable,
  });
  const trustedCode = (root: string) => shelf.trust.trustedCode(root);
  const writePlaces = (root: string) => openWritePlaces(dataFolder).list(root);
  const tracking = new SharedStore(join(dataFolder, 'mlflow'));
  const desk = new RunDesk({
    folderOf,
    desktop: ports.desktop,
    ports: nodePorts,
    trustedCode,
    writePlaces,
    tracking: { folder: tracking.folder },
  });
  const endTelling = tellRunning(desk, desktop, (error) => defects.record(error, 'runs.tell'));
  const images = createImagesService({
    folderOf,
    isTrusted: async (root) => (await trustedCode(root)) !== undefined,
    // Where the system has dialogs, the user has chosen the file in one.
    mayOpen: async (path) => {
      if (!desktop.abilities.dialogs) await requireInside(path, browsableRoots(settings));
    },
    launchPreview,
    clock: systemClock,
  });
  const outbox = shareOutbox({ folder: tracking.folder, secrets });
  const courier = new Courier({
    outbox: outbox.open,
    folder: tracking.folder,
    clock: systemClock,
    onDefect: (error) => defects.record(error, 'remotes'),
  });
  courier.start();
  const requests = new WindowRequests();
  const results = new RunResults(desk, systemClock);
  const evaluations = new Evaluations(nodePorts, (error) => defects.record(error, 'results.evaluate'));
  const handlers: OuterloopHandlers = {
    connection: createConnectionService(ports.host),
    window: createWindowService(requests),
    library: createLibraryService({
      ...shelf,
      known: mmars,
      desktop,
      clock: systemClock,
      mmarFolder: () => mmarFolder(readSettings(settings)),
    }),
    settings: createSettingsService({ settings, secrets }),
    system: createSystemService({
      dataFolder,
      desktop,
      settings,
      devices: deviceProbe,
      recentDefects: () => defects.recent(),
    }),
    files: createFilesService({
      folderOf,
      draftsFolder: join(ports.dataFolder, 'drafts'),
      desktop: ports.desktop,
      clock: systemClock,
    }),
    dataList: createDataListService(folderOf),
    checks: createChecksService(folderOf, writePlaces),
    images: images.handlers,
    runs: createRunsService({ desk, folderOf, ports: nodePorts }),
    results: createResultsService({ desk, results, evaluations, folderOf, trustedCode }),
    tracking: createTrackingService(tracking),
    remotes: createRemotesService({ outbox: outbox.open, courier, secrets }),
  };
  const routes: readonly ResourceRoute[] = [
    shelf.packed.route,
    volumesRoute(images.readVolume),
    thumbnailsRoute(images.readThumbnail),
    trackingRoute(tracking),
    makeResultsRoute(desk, results),
  ];
  const onDefect = (error: unknown, operation: string): string => defects.record(error, operation);
  return {
    attach: (channel) =>
      serveApi<OuterloopApi>(api, handlers as ApiHandlers<OuterloopApi>, channel, {
        onDefect,
        contract: ownContract,
      }),
    handleRequest: makeRequestHandler({ uiFolder: ports.uiFolder, routes, onDefect }),
    ask: (request) => requests.post(request),
    dispose: async () => {
      await images.dispose();
      await evaluations.dispose();
      await desk.dispose();
      endTelling();
      await shelf.close();
      await courier.dispose();
      outbox.close();
      tracking.close();
    },
  };
}
