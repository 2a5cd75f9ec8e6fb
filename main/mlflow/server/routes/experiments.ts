import { VIEW_TYPES } from '../../../../common/mlflow/vocabulary.ts';
import { doesNotExist, invalidParameter } from '../../../../common/mlflow/error.ts';
import { MLFLOW_LIMITS } from '../../../../common/mlflow/limits.ts';
import { apiRoute, type MakeRoutes } from '../http/route.ts';
import { encodeExperiment, toTags } from '../wire/encode.ts';
import { integer, listOf, oneOf, text } from '../wire/fields.ts';
import { keyValues } from '../wire/messages.ts';

const id = { experiment_id: text };

export const makeExperimentRoutes: MakeRoutes = ({ experiments, inputs }) => [
  apiRoute(
    'POST',
    'experiments/create',
    { name: text, artifact_location: text, tags: keyValues },
    ['name'],
    ({ name, artifact_location, tags }) => ({
      experiment_id: experiments.create({ name, artifact_location, tags: toTags(tags) }),
    }),
  ),
  apiRoute('GET', 'experiments/get', id, ['experiment_id'], ({ experiment_id }) => ({
    experiment: encodeExperiment(experiments.get(experiment_id)),
  })),
  apiRoute('GET', 'experiments/get-by-name', { experiment_name: text }, ['experiment_name'], (input) => {
    const found = experiments.findByName(input.experiment_name);
    if (found === undefined)
      throw doesNotExist(`Could not find experiment with name '${input.experiment_name}'`);
    return { experiment: encodeExperiment(found) };
  }),
  apiRoute(
    ['GET', 'POST'],
    'experiments/search',
    {
      max_results: integer,
      page_token: text,
      filter: text,
      order_by: listOf(text),
      view_type: oneOf(VIEW_TYPES),
    },
    [],
    // the protocol has no default here: what is left out is 0, and refused
    ({ max_results = 0, ...search }) => {
      const { items, token } = experiments.search({ max_results, ...search });
      return {
        experiments: items.length === 0 ? undefined : items.map(encodeExperiment),
        next_page_token: token,
      };
    },
  ),
  apiRoute('POST', 'experiments/delete', id, ['experiment_id'], ({ experiment_id }) => {
    experiments.delete(experiment_id);
    return {};
  }),
  apiRoute('POST', 'experiments/restore', id, ['experiment_id'], ({ experiment_id }) => {
    experiments.restore(experiment_id);
    return {};
  }),
  apiRoute(
    'POST',
    'experiments/update',
    { ...id, new_name: text },
    ['experiment_id', 'new_name'],
    ({ experiment_id, new_name }) => {
      experiments.rename(experiment_id, new_name);
      return {};
    },
  ),
  apiRoute(
    'POST',
    'experiments/set-experiment-tag',
    { ...id, key: text, value: text },
    ['experiment_id', 'key'],
    ({ experiment_id, key, value = '' }) => {
      experiments.setTag(experiment_id, { key, value });
      return {};
    },
  ),
  apiRoute(
    'POST',
    'experiments/delete-experiment-tag',
    { ...id, key: text },
    ['experiment_id', 'key'],
    ({ experiment_id, key }) => {
      experiments.deleteTag(experiment_id, key);
      return {};
    },
  ),
  apiRoute(
    'POST',
    'experiments/search-datasets',
    { experiment_ids: listOf(text) },
    [],
    ({ experiment_ids: ids = [] }) => {
      if (ids.length === 0)
        throw invalidParameter('SearchDatasets request must specify at least one experiment_id.');
      if (ids.length > MLFLOW_LIMITS.searchDatasetsExperiments)
        throw invalidParameter(
          `SearchDatasets request cannot specify more than ${MLFLOW_LIMITS.searchDatasetsExperiments} experiment_ids. Received ${ids.length} experiment_ids.`,
        );
      const summaries = inputs.searchDatasets(ids);
      return { dataset_summaries: summaries.length === 0 ? undefined : summaries };
    },
  ),
];
