import { ownContract } from '../common/api/contract.ts';
import { api as contract, type OuterloopApi } from '../common/api/index.ts';
import { dialMain } from './host/dial.ts';
import { Connection } from './host/connection.svelte.ts';

/** The window's line to main, and whether it stands. */
export const connection = new Connection<OuterloopApi>(contract, dialMain, ownContract());

/** Everything that main can do: `await api.runs.list({})`. Rejects with an RpcError. */
export const api = connection.client;
