import { apiRoute, type MakeRoutes } from '../http/route.ts';
import { encodeVersion, toTags } from '../wire/encode.ts';
import { boolean, integer, listOf, text } from '../wire/fields.ts';
import { keyValues } from '../wire/messages.ts';
import { resolveVersionSource } from './version-source.ts';

const PATH = 'model-versions';
const id = { name: text, version: text };

/** The versions of the model registry. */
export const makeModelVersionRoutes: MakeRoutes = (store) => [
  apiRoute(
    'POST',
    `${PATH}/create`,
    {
      name: text,
      source: text,
      run_id: text,
      run_link: text,
      description: text,
      model_id: text,
      tags: keyValues,
    },
    ['name', 'source'],
    ({ tags, ...request }) => {
      const whole = { ...request, tags: toTags(tags) };
      return { model_version: encodeVersion(store.modelVersions.create(resolveVersionSource(store, whole))) };
    },
  ),
  apiRoute('GET', `${PATH}/get`, id, ['name', 'version'], ({ name, version }) => ({
    model_version: encodeVersion(store.modelVersions.get(name, version)),
  })),
  apiRoute('PATCH', `${PATH}/update`, { ...id, description: text }, ['name', 'version'], (input) => ({
    model_version: encodeVersion(store.modelVersions.update(input.name, input.version, input.description)),
  })),
  apiRoute(
    'POST',
    `${PATH}/transition-stage`,
    { ...id, stage: text, archive_existing_versions: boolean },
    ['name', 'version', 'stage'],
    ({ name, version, stage, archive_existing_versions: archives = false }) => ({
      model_version: encodeVersion(store.modelVersions.transition(name, version, stage, archives)),
    }),
  ),
  apiRoute('DELETE', `${PATH}/delete`, id, ['name', 'version'], ({ name, version }) => {
    store.modelVersions.delete(name, version);
    return {};
  }),
  apiRoute('GET', `${PATH}/get-download-uri`, id, [], ({ name = '', version = '' }) => ({
    artifact_uri: store.modelVersions.getDownloadUri(name, version),
  })),
  apiRoute(
    'GET',
    `${PATH}/search`,
    { filter: text, max_results: integer, order_by: listOf(text), page_token: text },
    [],
    (search) => {
      const { items, token } = store.modelVersions.search(search);
      return {
        model_versions: items.length === 0 ? undefined : items.map(encodeVersion),
        next_page_token: token,
      };
    },
  ),
  apiRoute(
    'POST',
    `${PATH}/set-tag`,
    { ...id, key: text, value: text },
    ['name', 'version', 'key'],
    (input) => {
      store.modelVersions.setTag(input.name, input.version, { key: input.key, value: input.value ?? '' });
      return {};
    },
  ),
  apiRoute('DELETE', `${PATH}/delete-tag`, { ...id, key: text }, ['name', 'version', 'key'], (input) => {
    store.modelVersions.deleteTag(input.name, input.version, input.key);
    return {};
  }),
];
