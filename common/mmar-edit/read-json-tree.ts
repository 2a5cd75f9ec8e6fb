import { JsonScanner, type JsonToken } from './json-scanner.ts';
import type { ArrayNode, JsonNode, JsonTree, MemberNode, ObjectNode, SyntaxProblem } from './json-tree.ts';

/** A text with more problems than this is none that anybody wants them all of. */
const MAX_PROBLEMS = 100;
/** As deep as common/mmar/parse-json.ts reads. */
const MAX_DEPTH = 200;

/**
 * Reads a text as JSON and goes on after a mistake, so that an editor can show and change the rest: a missing or a
 * second comma, a key without a value, a bracket that was never closed, comments. What it finds without problems is
 * what parseJsonText reads.
 */
export function readJsonTree(text: string): JsonTree {
  return new TreeReader(text).readDocument();
}

class TreeReader {
  readonly #problems: SyntaxProblem[] = [];
  readonly #text: string;
  readonly #scanner: JsonScanner;
  #token: JsonToken;
  /** Where the token before the current one ended. */
  #end = 0;

  constructor(text: string) {
    this.#text = text;
    this.#scanner = new JsonScanner(text, (from, to, message) => this.#report(from, to, message));
    this.#token = this.#scanner.next();
  }

  readDocument(): JsonTree {
    const root = this.#readValue(0);
    if (root === undefined) this.#reportHere('Expected a value');
    else if (this.#token.type !== 'end') this.#reportHere('Expected the end of the document');
    return { root, problems: this.#problems.toSorted((a, b) => a.from - b.from) };
  }

  /** Undefined, with nothing read, where no value stands. */
  #readValue(depth: number): JsonNode | undefined {
    const { type, from, to, value, problem } = this.#token;
    if (depth > MAX_DEPTH && (type === '{' || type === '[')) {
      this.#reportHere(`Nested deeper than ${MAX_DEPTH} levels`);
      this.#skipRest();
      return { kind: 'scalar', from, to, value: null };
    }
    if (type === '{') return this.#readObject(depth);
    if (type === '[') return this.#readArray(depth);
    if (type !== 'scalar' && type !== 'unknown') return undefined;
    if (problem !== undefined) this.#report(from, to, problem);
    this.#advance();
    return { kind: 'scalar', from, to, value: value === undefined ? null : value };
  }

  #readObject(depth: number): ObjectNode {
    const { from } = this.#token;
    const members: MemberNode[] = [];
    const keys = new Set<string>();
    this.#advance();
    for (let isFirst = true; !this.#isAtClose(); isFirst = false) {
      if (!isFirst) this.#takeComma('}');
      if (this.#isAtClose()) {
        if (!isFirst) this.#reportHere('Expected a key after the comma');
        break;
      }
      const member = this.#readMember(depth);
      const { key, keyRange } = member;
      if (keys.has(key))
        this.#report(keyRange.from, keyRange.to, `The key ${JSON.stringify(key)} stands twice in one object`);
      if (keyRange.to > keyRange.from) keys.add(key);
      members.push(member);
    }
    return { kind: 'object', from, members, ...this.#readClose('}') };
  }

  #readMember(depth: number): MemberNode {
    const { type, from, to, value, problem } = this.#token;
    if (type !== 'scalar' && type !== 'unknown') {
      this.#reportHere(type === ',' ? 'Expected a key before the comma' : 'Expected a key in double quotes');
      if (type === ':') this.#advance();
      else this.#readValue(depth + 1);
      return { key: '', keyRange: { from, to: from }, value: undefined, from, to: Math.max(from, this.#end) };
    }
    if (typeof value !== 'string') this.#report(from, to, 'Expected a key in double quotes');
    else if (problem !== undefined) this.#report(from, to, problem);
    this.#advance();
    const keyRange = { from, to };
    const key = typeof value === 'string' ? value : this.#text.slice(from, to).replace(/^'|'$/g, '');
    if (this.#token.type !== ':') {
      this.#report(from, to, `Expected ':' after the key ${JSON.stringify(key)}`);
      return { key, keyRange, value: undefined, from, to };
    }
    this.#advance();
    const node = this.#readValue(depth + 1);
    if (node === undefined) this.#reportHere(`Expected a value for ${JSON.stringify(key)}`);
    return { key, keyRange, value: node, from, to: this.#end };
  }

  #readArray(depth: number): ArrayNode {
    const { from } = this.#token;
    const items: JsonNode[] = [];
    this.#advance();
    for (let isFirst = true; !this.#isAtClose(); isFirst = false) {
      if (!isFirst) this.#takeComma(']');
      const item = this.#readValue(depth + 1);
      if (item !== undefined) items.push(item);
      else if (!this.#isAtClose()) {
        this.#reportHere('Expected a value');
        if (this.#token.type === ':') this.#advance();
      } else if (!isFirst) this.#reportHere('Expected a value after the comma');
    }
    return { kind: 'array', from, items, ...this.#readClose(']') };
  }

  #isAtClose(): boolean {
    return ['}', ']', 'end'].includes(this.#token.type);
  }

  /** Goes on where only the comma is missing. */
  #takeComma(close: '}' | ']'): void {
    if (this.#token.type === ',') this.#advance();
    else this.#reportHere(`Expected ',' or '${close}'`);
  }

  /** The other kind of bracket in place of the right one is left for what stands further out. */
  #readClose(close: '}' | ']'): { to: number; isClosed: boolean } {
    const isClosed = this.#token.type === close;
    if (isClosed) this.#advance();
    else this.#reportHere(`Expected '${close}'`);
    return { to: this.#end, isClosed };
  }

  #skipRest(): void {
    while (this.#token.type !== 'end') this.#advance();
  }

  #advance(): void {
    this.#end = this.#token.to;
    this.#token = this.#scanner.next();
  }

  #reportHere(message: string): void {
    const { type, from, to } = this.#token;
    this.#report(from, to, type === 'end' ? `${message}, found the end of the file` : message);
  }

  /** One problem per place: what follows from the first is no news. */
  #report(from: number, to: number, message: string): void {
    if (this.#problems.length >= MAX_PROBLEMS) return;
    if (this.#problems.some((problem) => problem.from === from)) return;
    this.#problems.push({ from, to, message });
  }
}
