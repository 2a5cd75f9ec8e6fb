import type { IncomingMessage } from 'node:http';
import { invalidParameter } from '../../../../common/mlflow/error.ts';
import type { TrackingStore } from '../../store/tracking-store.ts';
import { boolean, type Fields } from '../wire/fields.ts';
import { parseRequest, type Request } from '../wire/parse-request.ts';
import { readJsonBody } from './read-body.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One request that has found its route. */
export interface Call {
  readonly request: IncomingMessage;
  readonly query: URLSearchParams;
  /** What stands in the path where the route has a name in `<>`. */
  readonly place: Readonly<Record<string, string>>;
}

/** One address and what it answers: an object is sent as JSON. */
export interface Route {
  readonly methods: readonly Method[];
  /** The path after `/api/2.0/`; `<name>` stands for one part, `<name...>` for all that follow. */
  readonly path: string;
  /** Where the path begins. Default: both `/api/2.0/` and `/ajax-api/2.0/`. */
  readonly prefixes?: readonly string[];
  /** Whether it needs no token. */
  readonly isOpen?: boolean;
  readonly answer: (call: Call) => object | Promise<object>;
}

/** A route of MLflow's protocol: its fields come as JSON, or as the query of a GET. */
export function apiRoute<F extends Fields, const R extends (keyof F & string)[]>(
  methods: Method | readonly Method[],
  path: string,
  fields: F,
  required: R,
  answer: (input: Request<F, R[number]>, place: Readonly<Record<string, string>>) => object | Promise<object>,
): Route {
  return {
    methods: [methods].flat() as readonly Method[],
    path: `mlflow/${path}`,
    answer: async (call) => {
      const json = { ...(await readInput(call, fields)), ...call.place };
      return answer(parseRequest(fields, required, json), call.place);
    },
  };
}

/** The routes of a part of the protocol, for a store. */
export type MakeRoutes = (store: TrackingStore) => readonly Route[];

async function readInput({ request, query }: Call, fields: Fields): Promise<Record<string, unknown>> {
  if ((request.method === 'GET' || request.method === 'HEAD') && query.size > 0)
    return readQuery(query, fields);
  return readJsonBody(request);
}

function readQuery(query: URLSearchParams, fields: Fields): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    if (!query.has(name)) continue;
    if (field.isList === true) json[name] = query.getAll(name);
    else json[name] = field.type === boolean.type ? readBoolean(query.get(name)!) : query.get(name)!;
  }
  return json;
}

function readBoolean(word: string): boolean {
  const lower = word.toLowerCase();
  if (lower !== 'true' && lower !== 'false')
    throw invalidParameter(`Invalid boolean value: ${word}, must be 'true' or 'false'.`);
  return lower === 'true';
}
