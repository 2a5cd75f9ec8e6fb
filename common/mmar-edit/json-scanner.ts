/** One piece of a JSON text. */
export interface JsonToken {
  readonly type: '{' | '}' | '[' | ']' | ',' | ':' | 'scalar' | 'unknown' | 'end';
  readonly from: number;
  readonly to: number;
  /** Of a scalar. */
  readonly value?: null | boolean | number | string;
  /** What is wrong with the piece itself. */
  readonly problem?: string;
}

const PUNCTUATION = '{}[],:';
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i;
const WORDS: ReadonlyMap<string, null | boolean> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);
/** What other languages write, and what they mean by it. */
const FOREIGN_WORDS: ReadonlyMap<string, null | boolean> = new Map([
  ['True', true],
  ['False', false],
  ['None', null],
]);

/** Reads a text piece by piece. White space is passed over, and so are comments, which are a problem of their own. */
export class JsonScanner {
  readonly #text: string;
  readonly #report: (from: number, to: number, message: string) => void;
  #offset: number;

  constructor(text: string, report: (from: number, to: number, message: string) => void) {
    this.#text = text;
    this.#report = report;
    this.#offset = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  next(): JsonToken {
    this.#skipSpace();
    const from = this.#offset;
    const character = this.#text[from];
    if (character === undefined) return { type: 'end', from, to: from };
    if (PUNCTUATION.includes(character)) {
      this.#offset++;
      return { type: character as JsonToken['type'], from, to: from + 1 };
    }
    return character === '"' ? this.#readString() : this.#readWord();
  }

  #skipSpace(): void {
    for (;;) {
      const space = /[ \t\r\n]*/y;
      space.lastIndex = this.#offset;
      this.#offset += space.exec(this.#text)![0].length;
      const comment = /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/y;
      comment.lastIndex = this.#offset;
      const found = comment.exec(this.#text)?.[0];
      if (found === undefined) return;
      this.#report(this.#offset, this.#offset + found.length, 'JSON has no comments');
      this.#offset += found.length;
    }
  }

  #readString(): JsonToken {
    const from = this.#offset;
    // A string ends at the latest with its line, so that what follows an open one can still be read.
    const body = /"(?:[^"\\\n]|\\[^\n])*/y;
    body.lastIndex = from;
    let to = from + body.exec(this.#text)![0].length;
    const isClosed = this.#text[to] === '"';
    if (isClosed) to++;
    this.#offset = to;
    const raw = this.#text.slice(from, to);
    const value = isClosed ? decodeString(raw) : undefined;
    if (value !== undefined) return { type: 'scalar', from, to, value };
    const problem = isClosed
      ? 'A string contains an invalid escape or a control character'
      : 'The string is not closed';
    return { type: 'scalar', from, to, value: raw.replace(/^"|"$/g, ''), problem };
  }

  #readWord(): JsonToken {
    const from = this.#offset;
    const word = /[^\s,:[\]{}"]+/y;
    word.lastIndex = from;
    const text = word.exec(this.#text)?.[0] ?? this.#text[from]!;
    const to = from + text.length;
    this.#offset = to;
    if (NUMBER.test(text)) {
      const number = Number(text);
      const tooLarge = Number.isFinite(number) ? {} : { problem: `The number ${text} is too large` };
      return { type: 'scalar', from, to, value: number, ...tooLarge };
    }
    const value = WORDS.get(text);
    if (value !== undefined) return { type: 'scalar', from, to, value };
    const meant = FOREIGN_WORDS.get(text);
    const problem = `Expected a value, found ${JSON.stringify(text)}`;
    if (meant === undefined) return { type: 'unknown', from, to, problem };
    return { type: 'scalar', from, to, value: meant, problem: `${problem}; JSON writes true, false, null` };
  }
}

function decodeString(raw: string): string | undefined {
  try {
    return JSON.parse(raw) as string;
  } catch {
    return undefined;
  }
}
