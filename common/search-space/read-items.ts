import type { Fault } from '../fault.ts';
import type { Json, JsonObject, JsonPath } from '../json.ts';
import { readItem, type ItemPlace, type ReadContext, type ReadItem } from './read-item.ts';
import type { ConfigComponent } from './scan-components.ts';

/** Reads the items of the first level, `lr_search` and those of the components, in this order. */
export function readItems(
  config: JsonObject,
  components: readonly ConfigComponent[],
  context: ReadContext,
): readonly ReadItem[] {
  const firstLevel = readList(config.search, undefined, ['search'], context);
  const count = Array.isArray(config.search) ? config.search.length : 0;
  return [
    ...firstLevel,
    ...readLearningRateSearch(config.lr_search, count, context),
    ...components.flatMap((owner) => readList(owner.json.search, owner, [...owner.path, 'search'], context)),
  ];
}

function readList(
  search: Json | undefined,
  owner: ConfigComponent | undefined,
  path: JsonPath,
  context: ReadContext,
): readonly ReadItem[] {
  if (search === undefined) return [];
  if (!Array.isArray(search)) {
    const component = owner === undefined ? {} : { component: owner.name };
    const allowed = 'a list of items: [{"domain": ..., "type": ..., "args": [...], "targets": [...]}]';
    context.report({
      code: 'schema',
      file: context.file,
      path,
      ...component,
      message: 'search is no list.',
      allowed,
    });
    return [];
  }
  return search.flatMap((json: Json, index) => {
    const place: ItemPlace = { owner, index, path: [...path, index] };
    return readItem(json, place, context) ?? [];
  });
}

/** `"lr_search": [min, max]`, as if it were the last item of the first level. */
function readLearningRateSearch(
  targets: Json | undefined,
  index: number,
  context: ReadContext,
): readonly ReadItem[] {
  if (targets === undefined) return [];
  const path = ['lr_search'];
  const report = (fault: Fault): void => context.report({ ...fault, code: 'search-target', path });
  const item = { domain: 'lr', type: 'float', args: ['learning_rate'], targets };
  const read = readItem(item, { owner: undefined, index, path }, { ...context, report });
  return read === undefined ? [] : [{ ...read, argsPath: path }];
}
