import { invalidParameter } from '../../../common/mlflow/error.ts';
import {
  isText,
  parseComparisons,
  parseTextList,
  unquoteName,
  unquoteValue,
  type Comparison,
} from './comparisons.ts';
import type { Token } from './tokens.ts';

export type EntityKind = 'metric' | 'parameter' | 'tag' | 'attribute' | 'dataset';

/** One condition of a search: `value` is a number for metrics and times, a list after IN, absent after IS NULL. */
export interface Clause {
  readonly kind: EntityKind;
  readonly key: string;
  readonly comparator: string;
  readonly value: string | number | readonly string[] | undefined;
}

/** What may be searched of one kind of thing. */
export interface SearchGrammar {
  /** Names before the point, and what they mean. */
  readonly entities: Readonly<Record<string, EntityKind>>;
  /** Attributes, and the column or property each means; times and counts are numeric. */
  readonly attributes: Readonly<Record<string, { readonly column: string; readonly isNumeric?: boolean }>>;
  /** Attributes that may be compared with a list; any when left out. */
  readonly listAttributes?: readonly string[];
  readonly comparators: Readonly<Partial<Record<EntityKind | 'number', readonly string[]>>>;
}

const NUMERIC = ['>', '>=', '!=', '=', '<', '<='];
const TEXT = ['!=', '=', 'LIKE', 'ILIKE'];
export const COMPARATORS = {
  number: NUMERIC,
  text: TEXT,
  textOrList: [...TEXT, 'IN', 'NOT IN'],
  textOrNull: [...TEXT, 'IS NULL', 'IS NOT NULL'],
};
const DATASET_KEYS = ['name', 'digest', 'context'];

/** The conditions of a filter in a grammar, each checked. */
export function parseFilter(filter: string | undefined, grammar: SearchGrammar): Clause[] {
  return parseComparisons(filter).map((comparison) => readClause(comparison, grammar));
}

/** What a name such as `metrics."my loss"` or `start_time` means. */
export function parseIdentifier(
  text: string,
  { entities, attributes }: Pick<SearchGrammar, 'entities' | 'attributes'>,
): { kind: EntityKind; key: string } {
  const point = text.indexOf('.');
  const entity = point < 0 ? 'attribute' : unquoteEntity(text.slice(0, point));
  const kind = entities[entity];
  if (kind === undefined)
    throw invalidParameter(
      `Invalid entity type '${entity}'. Valid values are [${[...new Set(Object.values(entities))].map((name) => `'${name}'`).join(', ')}]`,
    );
  const key = unquoteName(text.slice(point + 1));
  if (kind === 'attribute' && attributes[key] === undefined)
    throw invalidParameter(
      `Invalid attribute key '${key}' specified. Valid keys are '${Object.keys(attributes).join(', ')}'`,
    );
  if (kind === 'dataset' && !DATASET_KEYS.includes(key))
    throw invalidParameter(
      `Invalid dataset key '${key}' specified. Valid keys are '${DATASET_KEYS.join(', ')}'`,
    );
  return { kind, key };
}

const unquoteEntity = (text: string): string =>
  text.startsWith('`') && text.endsWith('`') && text.length > 1 ? text.slice(1, -1) : text;

function readClause({ left, comparator, right }: Comparison, grammar: SearchGrammar): Clause {
  const { kind, key } = parseIdentifier(left, grammar);
  const isNumeric =
    kind === 'metric' || (kind === 'attribute' && grammar.attributes[key]!.isNumeric === true);
  const comparatorText = comparator.toUpperCase();
  if (right === undefined) {
    if (!(grammar.comparators[kind] ?? []).includes(comparatorText))
      throw invalidParameter(
        `IS NULL / IS NOT NULL is only supported for tags and params, not for '${kind}' '${key}'`,
      );
    return { kind, key, comparator: comparatorText, value: undefined };
  }
  const value = isNumeric ? readNumber(kind, key, right) : readText(kind, key, right, grammar);
  const allowed = grammar.comparators[isNumeric ? 'number' : kind] ?? [];
  const fitsValue = Array.isArray(value) === comparatorText.endsWith('IN');
  if (!allowed.includes(comparatorText) || !fitsValue)
    throw invalidParameter(
      `Invalid comparator '${comparator}' not one of '${allowed.filter((word) => !word.startsWith('IS')).join(', ')}'`,
    );
  return { kind, key, comparator: comparatorText, value };
}

function readNumber(kind: EntityKind, key: string, token: Token): number {
  if (token.kind === 'number') return Number(token.text);
  const what = kind === 'metric' ? 'metric' : `numeric attribute: ${key}`;
  throw invalidParameter(`Expected numeric value type for ${what}. Found ${token.text}`);
}

function readText(kind: EntityKind, key: string, token: Token, grammar: SearchGrammar): string | string[] {
  if (isText(token)) return unquoteValue(token);
  if (token.kind === 'list' && kind === 'attribute') {
    const { listAttributes } = grammar;
    if (listAttributes !== undefined && !listAttributes.includes(key))
      throw invalidParameter(
        `Only [${listAttributes.map((name) => `'${name}'`).join(', ')}] attributes support comparison with a list of quoted string values.`,
      );
    return parseTextList(token);
  }
  if (token.kind === 'list' && kind === 'dataset') return parseTextList(token);
  const what = kind === 'attribute' ? 'attributes' : kind === 'dataset' ? 'dataset attributes' : `${kind}`;
  const example = kind === 'attribute' || kind === 'dataset' ? '' : " (e.g. 'my-value')";
  throw invalidParameter(`Expected a quoted string value for ${what}${example}. Got value ${token.text}`);
}
