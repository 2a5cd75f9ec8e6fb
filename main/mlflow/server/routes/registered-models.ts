import { apiRoute, type MakeRoutes } from '../http/route.ts';
import { encodeRegisteredModel, encodeVersion, toTags } from '../wire/encode.ts';
import { integer, listOf, text } from '../wire/fields.ts';
import { keyValues } from '../wire/messages.ts';

const PATH = 'registered-models';
const name = { name: text };

/** The names of the model registry. */
export const makeRegisteredModelRoutes: MakeRoutes = ({ registeredModels: models, modelVersions }) => [
  apiRoute(
    'POST',
    `${PATH}/create`,
    { ...name, description: text, tags: keyValues },
    ['name'],
    ({ tags, ...request }) => ({
      registered_model: encodeRegisteredModel(models.create({ ...request, tags: toTags(tags) })),
    }),
  ),
  apiRoute('GET', `${PATH}/get`, name, ['name'], (input) => ({
    registered_model: encodeRegisteredModel(models.get(input.name)),
  })),
  apiRoute('PATCH', `${PATH}/update`, { ...name, description: text }, ['name'], (input) => ({
    registered_model: encodeRegisteredModel(models.update(input.name, input.description ?? '')),
  })),
  apiRoute('POST', `${PATH}/rename`, { ...name, new_name: text }, ['name', 'new_name'], (input) => ({
    registered_model: encodeRegisteredModel(models.rename(input.name, input.new_name)),
  })),
  apiRoute('DELETE', `${PATH}/delete`, name, ['name'], (input) => {
    models.delete(input.name);
    return {};
  }),
  apiRoute(
    'GET',
    `${PATH}/search`,
    { filter: text, max_results: integer, order_by: listOf(text), page_token: text },
    [],
    (search) => {
      const { items, token } = models.search(search);
      return {
        registered_models: items.length === 0 ? undefined : items.map(encodeRegisteredModel),
        next_page_token: token,
      };
    },
  ),
  apiRoute(
    ['GET', 'POST'],
    `${PATH}/get-latest-versions`,
    { ...name, stages: listOf(text) },
    ['name'],
    (input) => {
      const versions = models.getLatestVersions(input.name, input.stages);
      return { model_versions: versions.length === 0 ? undefined : versions.map(encodeVersion) };
    },
  ),
  apiRoute('POST', `${PATH}/set-tag`, { ...name, key: text, value: text }, ['name', 'key'], (input) => {
    models.setTag(input.name, { key: input.key, value: input.value ?? '' });
    return {};
  }),
  apiRoute('DELETE', `${PATH}/delete-tag`, { ...name, key: text }, ['name', 'key'], (input) => {
    models.deleteTag(input.name, input.key);
    return {};
  }),
  apiRoute(
    'POST',
    `${PATH}/alias`,
    { ...name, alias: text, version: text },
    ['name', 'alias', 'version'],
    (input) => {
      modelVersions.setAlias(input.name, input.alias, input.version);
      return {};
    },
  ),
  apiRoute('DELETE', `${PATH}/alias`, { ...name, alias: text }, ['name', 'alias'], (input) => {
    models.deleteAlias(input.name, input.alias);
    return {};
  }),
  apiRoute('GET', `${PATH}/alias`, { ...name, alias: text }, ['name', 'alias'], (input) => ({
    model_version: encodeVersion(modelVersions.getByAlias(input.name, input.alias)),
  })),
];
