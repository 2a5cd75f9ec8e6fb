import { invalidParameter } from '../../../common/mlflow/error.ts';
import { tokenize, type Token } from './tokens.ts';

/** `left comparator right`; no `right` after IS NULL and IS NOT NULL. */
export interface Comparison {
  readonly left: string;
  /** In capitals. */
  readonly comparator: string;
  readonly right: Token | undefined;
}

/**
 * The comparisons of a filter, all of which must hold: MLflow's grammar joins them by AND and knows neither OR nor
 * brackets.
 */
export function parseComparisons(filter: string | undefined): Comparison[] {
  if (filter === undefined || filter.trim() === '') return [];
  const tokens = tokenize(filter);
  const comparisons: Comparison[] = [];
  const reader = new TokenReader(filter, tokens);
  // MLflow takes any number of ANDs, at the ends as well, but at least one between two comparisons
  reader.skipAnds();
  while (!reader.isAtEnd) {
    comparisons.push(reader.readComparison());
    if (!reader.isAtEnd) reader.readAnds();
  }
  return comparisons;
}

class TokenReader {
  readonly #filter: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(filter: string, tokens: readonly Token[]) {
    this.#filter = filter;
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  skipAnds(): void {
    while (this.#takeWord('AND'));
  }

  readAnds(): void {
    if (this.#peek()?.text === ';')
      throw invalidParameter(
        `Search filter contained multiple expression '${this.#filter}'. Provide AND-ed expression list.`,
      );
    if (!this.#takeWord('AND')) this.#fail();
    this.skipAnds();
  }

  readComparison(): Comparison {
    const begin = this.#at;
    const left = this.#next();
    // a name in double quotes is an identifier wherever it stands before a comparator
    if (left === undefined || left.kind !== 'identifier') return this.#fail(begin);
    const comparator = this.#readComparator(begin);
    if (comparator.startsWith('IS')) return { left: left.text, comparator, right: undefined };
    const right = this.#next();
    if (right === undefined) this.#failComparison(begin);
    if (right.kind === 'word' || right.kind === 'operator' || right.kind === 'other')
      return this.#fail(begin);
    return { left: left.text, comparator, right };
  }

  #readComparator(begin: number): string {
    const token = this.#next();
    if (token?.kind === 'operator') return token.text;
    const word = token?.kind === 'word' ? token.text.toUpperCase() : undefined;
    switch (word) {
      case 'LIKE':
      case 'ILIKE':
      case 'RLIKE':
      case 'IN':
        return word;
      case 'NOT':
        return this.#takeWord('IN') ? 'NOT IN' : this.#fail(begin);
      case 'IS': {
        const isNot = this.#takeWord('NOT');
        if (!this.#takeWord('NULL')) return this.#fail(begin);
        return isNot ? 'IS NOT NULL' : 'IS NULL';
      }
      default:
        return this.#fail(begin);
    }
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #next(): Token | undefined {
    return this.#tokens[this.#at++];
  }

  #takeWord(word: string): boolean {
    const token = this.#peek();
    const isIt = token?.kind === 'word' && token.text.toUpperCase() === word;
    if (isIt) this.#at += 1;
    return isIt;
  }

  #fail(from = this.#at): never {
    const rest = this.#tokens.slice(from).map(({ text }) => `'${text}'`);
    throw invalidParameter(`Invalid clause(s) in filter string: ${rest.join(', ')}`);
  }

  #failComparison(from: number): never {
    const count = this.#tokens.length - from;
    throw invalidParameter(`Invalid comparison clause. Expected 3 tokens found ${count}`);
  }
}

const isQuotedBy = (text: string, mark: string): boolean =>
  text.length >= 2 && text.startsWith(mark) && text.endsWith(mark);

/** A name without its quotes or backticks. */
export function unquoteName(text: string): string {
  const inner = isQuotedBy(text, '"') || isQuotedBy(text, "'") ? text.slice(1, -1) : text;
  return isQuotedBy(inner, '`') ? inner.slice(1, -1) : inner;
}

/** A text value; the names of things need no quotes, values do. */
export function unquoteValue(token: Token): string {
  const { text } = token;
  if (isQuotedBy(text, "'") || isQuotedBy(text, '"')) return text.slice(1, -1);
  throw invalidParameter(
    `Parameter value is either not quoted or unidentified quote types used for string value ${text}. Use either single or double quotes.`,
  );
}

/** Whether a token is a text value, or a name where one should stand. */
export const isText = (token: Token): boolean => token.kind === 'string' || token.kind === 'identifier';

/** The texts of a list in brackets. */
export function parseTextList(token: Token): string[] {
  const inner = token.text.slice(1, -1).trim().replace(/,$/, '').trim();
  if (inner === '')
    throw invalidParameter(
      'While parsing a list in the query, expected a non-empty list of string values, but got empty list',
    );
  const items = inner.match(/'(?:''|\\'|[^'])*'|"[^"]*"|,|[^\s,'"]+/g) ?? [];
  const texts = items.filter((_, at) => at % 2 === 0);
  const commas = items.filter((_, at) => at % 2 === 1);
  if (commas.some((comma) => comma !== ',') || texts.includes(',') || items.length % 2 === 0)
    throw invalidParameter(
      'While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list.',
    );
  if (texts.some((text) => !isQuotedBy(text, "'") && !isQuotedBy(text, '"')))
    throw invalidParameter(
      `While parsing a list in the query, expected string value, punctuation, or whitespace, but got different type in list: ${token.text}`,
    );
  return texts.map((text) => text.slice(1, -1));
}
