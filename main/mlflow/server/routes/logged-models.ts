import { MODEL_STATUSES } from '../../../../common/mlflow/vocabulary.ts';
import { apiRoute, type MakeRoutes } from '../http/route.ts';
import { encodeLoggedModel, toTags } from '../wire/encode.ts';
import { boolean, integer, listOf, message, oneOf, text } from '../wire/fields.ts';
import { keyValues } from '../wire/messages.ts';

const id = { model_id: text };
const datasetFilter = message({ dataset_name: text, dataset_digest: text });
const orderBy = message({ field_name: text, ascending: boolean, dataset_name: text, dataset_digest: text });

/** The models that runs logged. */
export const makeLoggedModelRoutes: MakeRoutes = ({ loggedModels: models }) => [
  apiRoute(
    'POST',
    'logged-models',
    {
      experiment_id: text,
      name: text,
      model_type: text,
      source_run_id: text,
      params: keyValues,
      tags: keyValues,
    },
    ['experiment_id'],
    ({ name, params, tags, ...request }) => ({
      model: encodeLoggedModel(
        models.create({ ...request, name: name || undefined, params: toTags(params), tags: toTags(tags) }),
      ),
    }),
  ),
  apiRoute(
    'POST',
    'logged-models/search',
    {
      experiment_ids: listOf(text),
      filter: text,
      datasets: listOf(datasetFilter),
      max_results: integer,
      order_by: listOf(orderBy),
      page_token: text,
    },
    ['experiment_ids'],
    // the protocol's default is smaller than the store's
    ({ max_results = 50, filter, datasets = [], order_by = [], ...request }) => {
      const { items, token } = models.search({
        ...request,
        max_results,
        filter: filter || undefined,
        datasets: datasets.map(({ dataset_name = '', dataset_digest }) => ({
          dataset_name,
          dataset_digest: dataset_digest || undefined,
        })),
        order_by: order_by.map(({ field_name = '', ...order }) => ({ field_name, ...order })),
      });
      return {
        models: items.length === 0 ? undefined : items.map(encodeLoggedModel),
        next_page_token: token,
      };
    },
  ),
  apiRoute('GET', 'logged-models/<model_id>', { ...id, allow_deleted: boolean }, ['model_id'], (input) => ({
    model: encodeLoggedModel(models.get(input.model_id, input.allow_deleted)),
  })),
  apiRoute(
    'PATCH',
    'logged-models/<model_id>',
    { ...id, status: oneOf(MODEL_STATUSES, 0) },
    ['model_id', 'status'],
    (input) => ({
      model: encodeLoggedModel(models.finalize(input)),
    }),
  ),
  apiRoute('DELETE', 'logged-models/<model_id>', id, ['model_id'], ({ model_id }) => {
    models.delete(model_id);
    return {};
  }),
  apiRoute(
    'POST',
    'logged-models/<model_id>/params',
    { ...id, params: keyValues },
    ['model_id'],
    ({ model_id, params }) => {
      models.logParams(model_id, toTags(params));
      return {};
    },
  ),
  apiRoute(
    'PATCH',
    'logged-models/<model_id>/tags',
    { ...id, tags: keyValues },
    ['model_id'],
    ({ model_id, tags }) => {
      models.setTags(model_id, toTags(tags));
      return {};
    },
  ),
  apiRoute(
    'DELETE',
    'logged-models/<model_id>/tags/<tag_key...>',
    { ...id, tag_key: text },
    ['model_id', 'tag_key'],
    ({ model_id, tag_key }) => {
      models.deleteTag(model_id, tag_key);
      return {};
    },
  ),
];
