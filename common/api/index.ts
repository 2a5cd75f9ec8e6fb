import type { Client } from '../rpc/contract.ts';
import type { ApiHandlers } from '../rpc/contract.ts';
import { connectionApi } from './connection.ts';

/** Everything that the window may ask of main, by noun. */
export const api = {
  connection: connectionApi,
} as const;

export type OuterloopApi = typeof api;
export type OuterloopClient = Client<OuterloopApi>;
export type OuterloopHandlers = ApiHandlers<OuterloopApi>;
