import type { JsonPath } from '../json.ts';
import type { Prl } from './search-space.ts';

/** What a Parameter Range Locator is made of. */
export interface PrlParts {
  readonly domain: string;
  readonly type: string;
  /** Path of the component in the config; empty for the first level. */
  readonly component: JsonPath;
  /** 0-based index of the item in the component's `search` list. */
  readonly index: number;
  /** Names of the searched args without alias suffix. */
  readonly args: readonly string[];
}

/**
 * `<domain>.<type>.<component>$<index>:<args>`: `transform.float.train.pre_transforms.#8$0:prob` for the eighth
 * transform, `lr.float.$0:learning_rate` for the first level, grouped args joined by commas (Clara: automl.prl).
 */
export function formatPrl({ domain, type, component, index, args }: PrlParts): Prl {
  return `${domain}.${type}.${formatComponent(component)}$${index}:${args.join(',')}`;
}

/** Steps joined by dots; members of lists as `#` and their 1-based position. */
function formatComponent(path: JsonPath): string {
  return path.map((step) => (typeof step === 'number' ? `#${step + 1}` : step)).join('.');
}
