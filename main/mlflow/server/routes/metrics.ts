import { invalidParameter } from '../../../../common/mlflow/error.ts';
import { MLFLOW_LIMITS } from '../../../../common/mlflow/limits.ts';
import { invalidValue } from '../../validation/messages.ts';
import { StreamAnswer } from '../http/answer.ts';
import { apiRoute, type MakeRoutes, type Route } from '../http/route.ts';
import { encodeMetrics } from '../wire/encode.ts';
import { integer, listOf, text } from '../wire/fields.ts';
import { writeHistory } from '../wire/write-history.ts';
import type { TrackingStore } from '../../store/tracking-store.ts';
import { encodeMetric } from '../../../../common/mlflow/metric-value.ts';

const SEE_DOCS = ' See the API docs for more information about request parameters.';

/** The histories of metrics. */
export const makeMetricRoutes: MakeRoutes = (store) => [
  apiRoute(
    'GET',
    'metrics/get-history',
    { run_id: text, run_uuid: text, metric_key: text, max_results: integer, page_token: text },
    ['run_id', 'metric_key'],
    ({ run_id, run_uuid, metric_key, max_results, page_token }) => {
      if (max_results !== undefined && max_results <= 0)
        throw invalidParameter(`${invalidValue('max_results', max_results)} It must be a positive integer.`);
      const id = run_id || run_uuid || '';
      if (max_results === undefined && !page_token)
        return new StreamAnswer(writeHistory(metric_key, store.metrics.readHistory(id, metric_key)));
      const { items, token } = store.metrics.getHistory({ run_id: id, metric_key, max_results, page_token });
      return { metrics: encodeMetrics(items), next_page_token: token };
    },
  ),
  makeBulkRoute(store),
  apiRoute(
    'GET',
    'metrics/get-history-bulk-interval',
    { run_ids: listOf(text), metric_key: text, start_step: integer, end_step: integer, max_results: integer },
    ['run_ids', 'metric_key'],
    ({ max_results, ...request }) => {
      const runs = request.run_ids.length;
      if (runs > MLFLOW_LIMITS.historyBulkRuns)
        throw invalidParameter(
          `GetMetricHistoryBulkInterval request must specify at most ${MLFLOW_LIMITS.historyBulkRuns} run_ids. Received ${runs} run_ids.${SEE_DOCS}`,
        );
      if (max_results !== undefined && (max_results < 1 || max_results > MLFLOW_LIMITS.historyIntervalPoints))
        throw invalidParameter(
          `max_results must be between 1 and ${MLFLOW_LIMITS.historyIntervalPoints}.${SEE_DOCS}`,
        );
      return { metrics: encodeMetrics(store.metrics.getInterval({ ...request, max_results })) };
    },
  ),
];

/** MLflow's own pages ask with the run's id repeated, outside of its protocol. */
function makeBulkRoute({ metrics }: TrackingStore): Route {
  return {
    methods: ['GET'],
    path: 'mlflow/metrics/get-history-bulk',
    prefixes: ['/ajax-api/2.0/'],
    answer: ({ query }) => {
      const runIds = query.getAll('run_id');
      if (runIds.length === 0)
        throw invalidParameter('GetMetricHistoryBulk request must specify at least one run_id.');
      if (runIds.length > MLFLOW_LIMITS.historyBulkRuns)
        throw invalidParameter(
          `GetMetricHistoryBulk request cannot specify more than ${MLFLOW_LIMITS.historyBulkRuns} run_ids. Received ${runIds.length} run_ids.`,
        );
      const key = query.get('metric_key');
      if (key === null) throw invalidParameter('GetMetricHistoryBulk request must specify a metric_key.');
      const wanted = Number(query.get('max_results') ?? MLFLOW_LIMITS.historyBulkPoints);
      if (!Number.isInteger(wanted))
        throw invalidParameter(invalidValue('max_results', query.get('max_results')));
      const limit = Math.min(wanted, MLFLOW_LIMITS.historyBulkPoints);
      return { metrics: metrics.getHistories(runIds, key, limit).map(encodeMetric) };
    },
  };
}
