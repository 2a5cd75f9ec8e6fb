import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type {
  DatasetInput,
  Experiment,
  FileInfo,
  KeyValue,
  Metric,
  ModelInput,
  Run,
} from '../../../common/mlflow/entities.ts';
import { encodeMetric } from '../../../common/mlflow/metric-value.ts';
import type { CreateRun, LogBatch, UpdateRun } from '../../../common/mlflow/requests.ts';
import { answers } from './answers.ts';
import { ONCE } from './backoff.ts';
import type { UploadBody } from './http-transport.ts';
import { ModelClient } from './model-client.ts';
import { collectPages, orMissing } from './pages.ts';
import { notMlflow, RepeatedCalls, type CallOptions } from './repeated-calls.ts';
import { TrackingFailure } from './tracking-failure.ts';
import type { TrackingTarget } from './tracking-target.ts';

const API = '/api/2.0/mlflow';
const ARTIFACTS = '/api/2.0/mlflow-artifacts/artifacts';
/** Points of a history in one answer; servers cap it at 25,000. */
const HISTORY_PAGE = 20_000;

/**
 * MLflow's REST API, 2.x and 3.x, as far as the outbox and the window need it. Calls that may be sent twice are tried again
 * after 408, 429, 5xx and broken connections; {@link createRun} is not, since a server may have carried it out.
 *
 * All calls reject with a {@link TrackingFailure}, or with the signal's reason when it was aborted.
 */
export class TrackingClient {
  readonly models: ModelClient;
  readonly #calls: RepeatedCalls;

  constructor(target: TrackingTarget, options: CallOptions = {}) {
    this.#calls = new RepeatedCalls(target, options);
    this.models = new ModelClient(this.#calls);
  }

  /** The server's version, e.g. `3.17.2`. */
  async version(): Promise<string> {
    const text = (await this.#calls.text({ method: 'GET', path: '/version' })).trim();
    if (/^\d+\.\d+[\w.+-]*$/.test(text)) return text;
    throw notMlflow('/version gives no version');
  }

  /** Also a deleted one; undefined when there is none of this name. */
  findExperiment(name: string): Promise<Experiment | undefined> {
    const found = this.#get('/experiments/get-by-name', { experiment_name: name }, answers.experiment);
    return orMissing(found.then(({ experiment }) => experiment));
  }

  /** @throws TrackingFailure `RESOURCE_ALREADY_EXISTS` */
  async createExperiment(name: string, tags: readonly KeyValue[]): Promise<string> {
    const answer = await this.#post('/experiments/create', { name, tags }, answers.experimentId);
    return answer.experiment_id;
  }

  async setExperimentTag(experimentId: string, { key, value }: KeyValue): Promise<void> {
    const tag = { experiment_id: experimentId, key, value };
    await this.#post('/experiments/set-experiment-tag', tag, answers.nothing);
  }

  /** All active ones. */
  searchExperiments(): Promise<readonly Experiment[]> {
    return collectPages(async (page) => {
      const answer = await this.#post(
        '/experiments/search',
        { max_results: 1000, ...page },
        answers.experiments,
      );
      return { items: answer.experiments, next: answer.next_page_token };
    });
  }

  /** Sent once: when no answer comes, the run may exist all the same. */
  async createRun(run: CreateRun): Promise<Run> {
    const call = { method: 'POST', path: `${API}/runs/create`, json: run } as const;
    return (await this.#calls.json(call, answers.run, ONCE)).run;
  }

  /** Undefined when there is no such run. */
  getRun(runId: string): Promise<Run | undefined> {
    return orMissing(this.#get('/runs/get', { run_id: runId }, answers.run).then(({ run }) => run));
  }

  /** All active runs that a filter finds. */
  searchRuns(experimentIds: readonly string[], filter: string): Promise<readonly Run[]> {
    return collectPages(async (page) => {
      const request = { experiment_ids: experimentIds, filter, max_results: 1000, ...page };
      const answer = await this.#post('/runs/search', request, answers.runs);
      return { items: answer.runs, next: answer.next_page_token };
    });
  }

  async updateRun(change: UpdateRun): Promise<void> {
    await this.#post('/runs/update', change, answers.nothing);
  }

  async deleteRun(runId: string): Promise<void> {
    await this.#post('/runs/delete', { run_id: runId }, answers.nothing);
  }

  /** At most 1000 metrics, 100 params, 100 tags, 1000 in all, and a body of 1 MB. */
  async logBatch(batch: LogBatch): Promise<void> {
    const request = { ...batch, metrics: (batch.metrics ?? []).map(encodeMetric) };
    await this.#post('/runs/log-batch', request, answers.nothing);
  }

  /** Data sets, and models that a run used (3.x). */
  async logInputs(
    runId: string,
    datasets: readonly DatasetInput[],
    models: readonly ModelInput[] = [],
  ): Promise<void> {
    const used = models.length === 0 ? {} : { models };
    await this.#post('/runs/log-inputs', { run_id: runId, datasets, ...used }, answers.nothing);
  }

  /** Every point of one metric, in the order of time, step, value. */
  metricHistory(runId: string, key: string): Promise<readonly Metric[]> {
    return collectPages(async (page) => {
      const query = { run_id: runId, metric_key: key, max_results: String(HISTORY_PAGE), ...page };
      const answer = await this.#get('/metrics/get-history', query, answers.metrics);
      return { items: answer.metrics, next: answer.next_page_token };
    });
  }

  /** One level of a run's artifacts; `path` is a folder, the run's root when left out. */
  listArtifacts(runId: string, path?: string): Promise<readonly FileInfo[]> {
    return collectPages(async (page) => {
      const query = { run_id: runId, ...(path === undefined ? {} : { path }), ...page };
      const answer = await this.#get('/artifacts/list', query, answers.files);
      return { items: answer.files, next: answer.next_page_token };
    });
  }

  /**
   * Stores a file among the artifacts of a run or of a logged model, through the server.
   *
   * @param artifactUri the run's: `mlflow-artifacts:/1/<run>/artifacts`
   * @throws TrackingFailure `answer` for a run whose artifacts the server does not take itself
   */
  async uploadArtifact(artifactUri: string, path: string, upload: UploadBody): Promise<void> {
    await this.#calls.text({ method: 'PUT', path: artifactPath(artifactUri, path), upload });
  }

  /** The bytes of an artifact, as they come. */
  async downloadArtifact(artifactUri: string, path: string): Promise<Readable> {
    return (await this.#calls.open({ method: 'GET', path: artifactPath(artifactUri, path) })).body;
  }

  close(): void {
    this.#calls.close();
  }

  async #get<T extends z.ZodType>(
    path: string,
    query: Readonly<Record<string, string>>,
    form: T,
  ): Promise<z.output<T>> {
    const search = new URLSearchParams(query).toString();
    return this.#calls.json({ method: 'GET', path: `${API}${path}?${search}` }, form);
  }

  async #post<T extends z.ZodType>(path: string, json: unknown, form: T): Promise<z.output<T>> {
    return this.#calls.json({ method: 'POST', path: `${API}${path}`, json }, form);
  }
}

/** Where the server's proxy keeps an artifact; slashes in `path` part folders. */
function artifactPath(artifactUri: string, path: string): string {
  const match = /^mlflow-artifacts:(?:\/\/[^/]*)?\/+(.*)$/.exec(artifactUri);
  if (match === null)
    throw new TrackingFailure(
      'answer',
      'the server keeps artifacts outside of itself (it runs with --no-serve-artifacts): they cannot be sent',
    );
  const encoded = `${match[1]}/${path}`.split('/').map(encodeURIComponent).join('/');
  return `${ARTIFACTS}/${encoded}`;
}
