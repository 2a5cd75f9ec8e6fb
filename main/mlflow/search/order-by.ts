import { invalidParameter } from '../../../common/mlflow/error.ts';
import { parseIdentifier, type EntityKind, type SearchGrammar } from './clause.ts';

export interface Order {
  readonly kind: EntityKind;
  readonly key: string;
  readonly isAscending: boolean;
}

/** The words of an item: quotes and backticks keep what they hold together. */
const ITEM = /(?:`[^`]*`|"[^"]*"|[^\s`"])+/g;

/** `metrics.loss DESC`: by what, and which way. */
export function parseOrderBy(item: string, grammar: Pick<SearchGrammar, 'entities' | 'attributes'>): Order {
  const words = item.match(ITEM) ?? [];
  const [name, direction, ...rest] = words;
  if (name === undefined || rest.length > 0)
    throw invalidParameter(`Invalid order_by clause '${item}'. Could not be parsed.`);
  const way = direction?.toLowerCase() ?? 'asc';
  if (way !== 'asc' && way !== 'desc')
    throw invalidParameter(`Invalid ordering key in order_by clause '${item}'.`);
  return { ...parseIdentifier(name, grammar), isAscending: way === 'asc' };
}

/** All items of an order; none may be there twice. */
export function parseOrder(
  items: readonly string[],
  grammar: Pick<SearchGrammar, 'entities' | 'attributes'>,
): Order[] {
  const orders = items.map((item) => parseOrderBy(item, grammar));
  const names = orders.map(({ kind, key }) =>
    kind === 'attribute' ? grammar.attributes[key]!.column : `${kind}.${key}`,
  );
  if (new Set(names).size < names.length)
    throw invalidParameter(
      `\`order_by\` contains duplicate fields: [${items.map((item) => `'${item}'`).join(', ')}]`,
    );
  return orders;
}
