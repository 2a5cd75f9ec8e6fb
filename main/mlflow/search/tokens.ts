import { invalidParameter } from '../../../common/mlflow/error.ts';

/** A piece of a filter: `text` as it was written, quotes included. */
export interface Token {
  readonly kind: 'identifier' | 'operator' | 'string' | 'number' | 'list' | 'word' | 'other';
  readonly text: string;
}

const SEGMENT = '(?:`[^`]*`|"[^"]*"|[\\p{L}\\p{N}_$]+)';
/** In the order in which they are tried. A double-quoted text alone is a string; with a point it names something. */
const PATTERNS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['string', /'(?:''|\\'|[^'])*'/uy],
  ['list', /\((?:'(?:''|\\'|[^'])*'|"[^"]*"|[^)'"])*\)/uy],
  ['operator', /[<>=~!]+/uy],
  ['number', /-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_.])/uy],
  ['word', /(?:AND|OR|NOT|IN|IS|NULL|LIKE|ILIKE|RLIKE)(?![\p{L}\p{N}_.$])/iuy],
  ['identifier', new RegExp(`${SEGMENT}(?:\\.${SEGMENT})*`, 'uy')],
  ['other', /\S/uy],
];

/** The pieces of a filter, without the space between them. */
export function tokenize(filter: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < filter.length) {
    if (/\s/.test(filter[at]!)) {
      at += 1;
      continue;
    }
    const token = matchAt(filter, at);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

function matchAt(filter: string, at: number): Token {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const text = pattern.exec(filter)?.[0];
    if (text !== undefined && text !== '') return { kind, text };
  }
  throw invalidParameter(`Error on parsing filter '${filter}'`);
}
