import { RUN_STATUSES, VIEW_TYPES } from '../../../../common/mlflow/vocabulary.ts';
import { invalidParameter } from '../../../../common/mlflow/error.ts';
import { MLFLOW_LIMITS } from '../../../../common/mlflow/limits.ts';
import { invalidValue } from '../../validation/messages.ts';
import { StreamAnswer } from '../http/answer.ts';
import { apiRoute, type MakeRoutes } from '../http/route.ts';
import { encodeRun, toTags } from '../wire/encode.ts';
import { integer, listOf, oneOf, text } from '../wire/fields.ts';
import { keyValues } from '../wire/messages.ts';
import { writeRuns } from '../wire/write-runs.ts';

/** Old clients name a run `run_uuid`. */
const id = { run_id: text, run_uuid: text };
const idOf = ({ run_id, run_uuid }: { readonly run_id?: string; readonly run_uuid?: string }): string =>
  run_id || run_uuid || '';

export const makeRunRoutes: MakeRoutes = ({ runs }) => [
  apiRoute(
    'POST',
    'runs/create',
    { experiment_id: text, user_id: text, run_name: text, start_time: integer, tags: keyValues },
    [],
    ({ experiment_id = '', tags, ...request }) => {
      const { outputs: _, ...run } = runs.create({ ...request, experiment_id, tags: toTags(tags) });
      return { run: encodeRun({ ...run, outputs: { model_outputs: [] } }) };
    },
  ),
  apiRoute('GET', 'runs/get', id, ['run_id'], (input) => ({ run: encodeRun(runs.get(idOf(input))) })),
  apiRoute(
    'POST',
    'runs/update',
    { ...id, status: oneOf(RUN_STATUSES), end_time: integer, run_name: text },
    ['run_id'],
    ({ status, end_time, run_name, ...input }) => ({
      run_info: runs.update({ run_id: idOf(input), status, end_time, run_name }),
    }),
  ),
  apiRoute('POST', 'runs/delete', id, ['run_id'], (input) => {
    runs.delete(idOf(input));
    return {};
  }),
  apiRoute('POST', 'runs/restore', id, ['run_id'], (input) => {
    runs.restore(idOf(input));
    return {};
  }),
  apiRoute(
    'POST',
    'runs/search',
    {
      experiment_ids: listOf(text),
      filter: text,
      run_view_type: oneOf(VIEW_TYPES),
      max_results: integer,
      order_by: listOf(text),
      page_token: text,
    },
    [],
    ({ experiment_ids = [], max_results, ...search }) => {
      if (max_results !== undefined && max_results > MLFLOW_LIMITS.searchResults)
        throw invalidParameter(
          `${invalidValue('max_results', max_results, " Hint: Value was of type 'int'.")} See the API docs for more information about request parameters.`,
        );
      return new StreamAnswer(writeRuns(runs.searchTexts({ experiment_ids, max_results, ...search })));
    },
  ),
  apiRoute(
    'POST',
    'runs/set-tag',
    { ...id, key: text, value: text },
    ['run_id', 'key'],
    ({ key, value = '', ...input }) => {
      runs.setTag(idOf(input), { key, value });
      return {};
    },
  ),
  apiRoute('POST', 'runs/delete-tag', { ...id, key: text }, ['run_id', 'key'], ({ key, ...input }) => {
    runs.deleteTag(idOf(input), key);
    return {};
  }),
];
