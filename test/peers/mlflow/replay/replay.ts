import type { Step } from './step.ts';

/** What a server answered: JSON where it was JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Sends steps to one server, one after the other, and fills in what its earlier answers held. */
export class Replay {
  readonly #url: string;
  readonly #kept = new Map<string, string>();

  constructor(url: string) {
    this.#url = url;
  }

  async send(step: Step): Promise<Answer> {
    const url = new URL(this.#url + this.#fill(step.path));
    for (const [name, value] of Object.entries(step.query ?? {}))
      for (const one of [value].flat()) url.searchParams.append(name, this.#fill(one));
    const body = step.raw ?? (step.body === undefined ? undefined : this.#fill(JSON.stringify(step.body)));
    const response = await fetch(url, {
      method: step.method,
      headers:
        step.headers ??
        (step.raw === undefined && body !== undefined ? { 'content-type': 'application/json' } : {}),
      ...(body === undefined ? {} : { body: this.#fill(body) }),
    });
    const answer = { status: response.status, body: parse(await response.text()) };
    for (const [name, place] of Object.entries(step.keep ?? {})) this.#keep(name, place, answer.body);
    return answer;
  }

  /** The answer without what differs between any two servers: ids, times, invented names, orders that mean nothing. */
  normalize(answer: Answer): Answer {
    let text = JSON.stringify(answer.body ?? null);
    // the numbers of experiments are the same on both servers; page tokens as well
    for (const [name, value] of this.#kept)
      if (INVENTED_ID.test(value)) text = text.replaceAll(value, `<${name}>`);
    text = text.replace(TIME_IN_STATEMENT, '$1<now>');
    return { status: answer.status, body: normalizeValue(JSON.parse(text), '') };
  }

  #keep(name: string, place: string, body: unknown): void {
    let value: unknown = body;
    for (const part of place.split('.')) value = (value as Record<string, unknown> | undefined)?.[part];
    if (typeof value !== 'string') throw new Error(`${this.#url} gave no ${place}: ${JSON.stringify(body)}`);
    this.#kept.set(name, value);
  }

  #fill(text: string): string {
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
      const value = this.#kept.get(name);
      if (value === undefined) throw new Error(`no step has kept ${name}`);
      return value;
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const INVENTED_ID = /^(m-)?[0-9a-f]{32}$/;
/** A time of now among the parameters of a statement that a message quotes. */
const TIME_IN_STATEMENT = /(\[parameters: [^\]]*?)\b1[6-9]\d{11}\b/g;
const TIME = /(^|_)(time|timestamp|timestamp_ms)$/;
/** Lists whose order MLflow leaves to the database. */
const UNORDERED = new Set([
  'tags',
  'params',
  'metrics',
  'files',
  'aliases',
  'dataset_inputs',
  'model_outputs',
  'dataset_summaries',
  'latest_versions',
]);
/** A time of now: anything that a step itself sends is far smaller. */
const isNow = (value: unknown): boolean => typeof value === 'number' && value > 1_600_000_000_000;

function normalizeValue(value: unknown, key: string): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => normalizeValue(item, ''));
    return UNORDERED.has(key) ? items.sort((a, b) => (sortText(a) < sortText(b) ? -1 : 1)) : items;
  }
  if (typeof value === 'object' && value !== null) return normalizeObject(value as Record<string, unknown>);
  if (TIME.test(key) && isNow(value)) return '<now>';
  if (typeof value === 'string' && key === 'next_page_token') return normalizeToken(value);
  if (typeof value === 'string' && /^[[{]/.test(value) && key === 'value')
    return normalizeValue(parse(value), '');
  if (typeof value === 'string') return key === 'message' ? normalizeMessage(value) : normalizeText(value);
  return value;
}

function sortText(item: unknown): string {
  const { path = '', key = '' } = (typeof item === 'object' && item !== null ? item : {}) as Record<
    string,
    string
  >;
  return `${path} ${key} ${JSON.stringify(item)}`;
}

function normalizeObject(object: Record<string, unknown>): unknown {
  const entries = Object.entries(object)
    .filter(([key]) => key !== 'sqlstate' && key !== 'error_class')
    .map(([key, value]) => [key, normalizeValue(value, key)] as const)
    // an empty message or list and an absent one are the same in this protocol
    .filter(
      ([, value]) =>
        value !== undefined &&
        !(typeof value === 'object' && value !== null && Object.keys(value).length === 0),
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

/** Tokens are opaque; those that are a mere offset must be the same. */
function normalizeToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString();
  return /^\{"offset": \d+\}$/.test(text) ? text : '<token>';
}

/** Long texts are told by their length: what is in them is what was sent. */
const LONG_TEXT = 300;

function normalizeText(text: string): string {
  if (text.length > LONG_TEXT) return `<${text.length} characters>`;
  return text.replace(/^[a-z]+-[a-z]+-\d{1,3}$/, '<invented>').replace(/[0-9a-f]{32}/g, '<id>');
}

/** Refusals that go on with sets in no order, with tokens, or with texts of the database: what comes first is compared. */
const BEGINNINGS = [
  'Invalid comparator',
  'Invalid attribute key',
  'Invalid dataset key',
  'Invalid entity type',
  'Invalid query string',
  'Invalid page token',
  'Invalid order_by clause',
  'Search filter contained multiple expression',
  'IS NULL / IS NOT NULL is only supported',
  'While parsing a list in the query',
  'Model json is missing mandatory fields',
  'Expected numeric value type',
  'Expected a quoted string value',
  'Invalid order by key',
];
/** Two ways of saying that a filter is not understood; which one depends on the parser. */
const NOT_UNDERSTOOD = /^Invalid (clause\(s\) in filter string|comparison clause|filter string)/;

function normalizeMessage(message: string): string {
  if (NOT_UNDERSTOOD.test(message)) return '<filter not understood>';
  const beginning = BEGINNINGS.find((text) => message.startsWith(text));
  if (beginning !== undefined) return `${beginning}...`;
  return message
    .replace(/ Error: \((sqlite3|raised).*/s, '')
    .replace(/[0-9a-f]{32}/g, '<id>')
    .replace(/\(value=(-?\d+)\.0\)/, '(value=$1)')
    .trim();
}
