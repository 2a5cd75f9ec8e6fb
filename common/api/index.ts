import type { Client } from '../rpc/contract.ts';
import type { ApiHandlers } from '../rpc/contract.ts';
import { checksApi } from './checks.ts';
import { connectionApi } from './connection.ts';
import { dataListApi } from './data-list.ts';
import { filesApi } from './files.ts';
import { imagesApi } from './images.ts';
import { libraryApi } from './library.ts';
import { remotesApi } from './remotes.ts';
import { resultsApi } from './results.ts';
import { runsApi } from './runs.ts';
import { settingsApi } from './settings.ts';
import { systemApi } from './system.ts';
import { trackingApi } from './tracking.ts';
import { windowApi } from './window.ts';

/** Everything that the window may ask of main, by noun. */
export const api = {
  connection: connectionApi,
  window: windowApi,
  library: libraryApi,
  settings: settingsApi,
  system: systemApi,
  files: filesApi,
  dataList: dataListApi,
  checks: checksApi,
  images: imagesApi,
  runs: runsApi,
  results: resultsApi,
  tracking: trackingApi,
  remotes: remotesApi,
} as const;

export type OuterloopApi = typeof api;
export type OuterloopClient = Client<OuterloopApi>;
export type OuterloopHandlers = ApiHandlers<OuterloopApi>;
