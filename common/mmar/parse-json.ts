import { fail, succeed, type Result } from '../fault.ts';
import type { Json, JsonObject } from '../json.ts';

/** Deeper documents are refused, so that no file can exhaust the stack. */
const MAX_DEPTH = 200;

/** Where and why reading stopped. Thrown inside this file only. */
class SyntaxStop extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * Reads JSON (RFC 8259) and says what is wrong with line and column.
 *
 * Stricter than Clara's reader in two points: a key that stands twice in one object is a fault (the reader would
 * silently keep the last one), and so are `NaN` and `Infinity`. A byte order mark is accepted.
 *
 * @param file names the text in the fault
 */
export function parseJsonText(text: string, file: string): Result<Json> {
  try {
    return succeed(readDocument(text));
  } catch (stop) {
    if (!(stop instanceof SyntaxStop)) throw stop;
    return fail({
      code: 'json-syntax',
      file,
      message: `${capitalise(stop.message)}.`,
      ...positionOf(text, stop.offset),
    });
  }
}

/** As {@link parseJsonText}, for a document whose root has to be an object. */
export function parseJsonObject(text: string, file: string): Result<JsonObject> {
  const parsed = parseJsonText(text, file);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return succeed(value as JsonObject);
  return fail({
    code: 'schema',
    file,
    path: [],
    message: 'The document is not an object.',
    allowed: '{ ... }',
  });
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

function readDocument(text: string): Json {
  let offset = text.charCodeAt(0) === 0xfeff ? 1 : 0;

  const value = readValue(0);
  skipSpace();
  if (offset < text.length) stop(`${describe(offset)} after the end of the document`);
  return value;

  function readValue(depth: number): Json {
    if (depth > MAX_DEPTH) stop(`nested deeper than ${MAX_DEPTH} levels`);
    skipSpace();
    const character = text[offset];
    if (character === '{') return readObject(depth);
    if (character === '[') return readArray(depth);
    if (character === '"') return readString();
    return readNumberOrWord();
  }

  function readObject(depth: number): JsonObject {
    const start = offset++;
    const entries = new Map<string, Json>();
    skipSpace();
    if (take('}')) return {};
    for (;;) {
      skipSpace();
      const keyStart = offset;
      if (text[offset] !== '"')
        stop(`expected a key in double quotes, found ${describe(offset)}${openedAt(start)}`);
      const key = readString();
      if (entries.has(key)) stop(`the key ${JSON.stringify(key)} stands twice in one object`, keyStart);
      skipSpace();
      if (!take(':')) stop(`expected ':' after the key ${JSON.stringify(key)}, found ${describe(offset)}`);
      entries.set(key, readValue(depth + 1));
      skipSpace();
      if (take('}')) return Object.fromEntries(entries);
      if (!take(',')) stop(`expected ',' or '}', found ${describe(offset)}${openedAt(start)}`);
    }
  }

  function readArray(depth: number): Json[] {
    const start = offset++;
    const items: Json[] = [];
    skipSpace();
    if (take(']')) return items;
    for (;;) {
      items.push(readValue(depth + 1));
      skipSpace();
      if (take(']')) return items;
      if (!take(',')) stop(`expected ',' or ']', found ${describe(offset)}${openedAt(start)}`);
    }
  }

  function readString(): string {
    const start = offset++;
    for (; offset < text.length; offset++) {
      const code = text.charCodeAt(offset);
      if (code === 0x22) return decodeString(start, ++offset);
      if (code < 0x20) stop('a string contains a line break or another control character');
      if (code === 0x5c) offset++;
    }
    return stop('the file ends inside a string', start);
  }

  function decodeString(start: number, end: number): string {
    const raw = text.slice(start, end);
    if (!raw.includes('\\')) return raw.slice(1, -1);
    try {
      return JSON.parse(raw) as string;
    } catch {
      return stop('a string contains an invalid escape', start);
    }
  }

  function readNumberOrWord(): Json {
    const match = /[^\s,:[\]{}"]*/y;
    match.lastIndex = offset;
    const token = match.exec(text)![0];
    if (
      token === 'true' ||
      token === 'false' ||
      token === 'null' ||
      /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(token)
    ) {
      const found = JSON.parse(token) as Json;
      if (typeof found === 'number' && !Number.isFinite(found)) stop(`the number ${token} is too large`);
      offset += token.length;
      return found;
    }
    const hint = /^(True|False|None)$/.test(token) ? ' (JSON writes true, false, null)' : '';
    return stop(`expected a value, found ${token === '' ? describe(offset) : JSON.stringify(token)}${hint}`);
  }

  function skipSpace(): void {
    while (offset < text.length && ' \t\r\n'.includes(text[offset]!)) offset++;
  }

  function take(character: string): boolean {
    if (text[offset] !== character) return false;
    offset++;
    return true;
  }

  function describe(at: number): string {
    return at >= text.length ? 'the end of the file' : JSON.stringify(text[at]);
  }

  function openedAt(start: number): string {
    return offset < text.length ? '' : ` (opened in line ${positionOf(text, start).line})`;
  }

  function stop(message: string, at = offset): never {
    throw new SyntaxStop(message, at);
  }
}
