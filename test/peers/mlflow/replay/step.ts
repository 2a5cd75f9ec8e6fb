/** One request that both servers get. `{{name}}` in it stands for what an earlier answer of the same server held. */
export interface Step {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** After the server's address. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Names for values of the answer, by their place in it: `run.info.run_id`. */
  readonly keep?: Readonly<Record<string, string>>;
  /** What it is that is tried; the request itself when left out. */
  readonly title?: string;
}

type More = Omit<Step, 'method' | 'path' | 'query' | 'body'>;
type Query = Readonly<Record<string, string | readonly string[]>>;

const API = '/api/2.0/mlflow/';
const at = (path: string): string => (path.startsWith('/') ? path : API + path);

export const post = (path: string, body: unknown = {}, more: More = {}): Step => ({
  method: 'POST',
  path: at(path),
  body,
  ...more,
});
export const patch = (path: string, body: unknown = {}, more: More = {}): Step => ({
  method: 'PATCH',
  path: at(path),
  body,
  ...more,
});
export const get = (path: string, query: Query = {}, more: More = {}): Step => ({
  method: 'GET',
  path: at(path),
  query,
  ...more,
});
export const put = (path: string, raw: string, more: More = {}): Step => ({
  method: 'PUT',
  path: at(path),
  raw,
  ...more,
});
export const remove = (path: string, body: unknown = {}, more: More = {}): Step => ({
  method: 'DELETE',
  path: at(path),
  body,
  ...more,
});

/** How a step is named in reports. */
export function nameOf(step: Step): string {
  const query =
    step.query === undefined || Object.keys(step.query).length === 0 ? '' : ` ${JSON.stringify(step.query)}`;
  const body = step.raw ?? (step.body === undefined ? '' : JSON.stringify(step.body));
  const origin = step.headers?.['origin'] === undefined ? '' : ' with origin';
  return step.title ?? `${step.method} ${step.path}${query} ${body}`.slice(0, 300).trim() + origin;
}
