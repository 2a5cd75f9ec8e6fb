import type { z } from 'zod';
import type {
  KeyValue,
  LoggedModel,
  ModelOutput,
  ModelVersion,
  RegisteredModel,
} from '../../../common/mlflow/entities.ts';
import type {
  CreateLoggedModel,
  CreateModelVersion,
  CreateRegisteredModel,
  FinalizeLoggedModel,
} from '../../../common/mlflow/requests.ts';
import { answers } from './answers.ts';
import { ONCE } from './backoff.ts';
import { collectPages, orMissing } from './pages.ts';
import type { RepeatedCalls } from './repeated-calls.ts';

const API = '/api/2.0/mlflow';

/**
 * MLflow's logged models (3.x) and its registry, as far as the outbox needs them. What makes something new is sent once, since a
 * server may have carried it out when no answer comes; everything else may be sent twice.
 */
export class ModelClient {
  readonly #calls: RepeatedCalls;

  constructor(calls: RepeatedCalls) {
    this.#calls = calls;
  }

  /** Sent once. */
  async createLoggedModel(model: CreateLoggedModel): Promise<LoggedModel> {
    return (await this.#send('POST', '/logged-models', model, answers.loggedModel, ONCE)).model;
  }

  /** Undefined when there is none, or none any more. */
  getLoggedModel(modelId: string): Promise<LoggedModel | undefined> {
    const path = `${API}/logged-models/${encodeURIComponent(modelId)}`;
    return orMissing(
      this.#calls.json({ method: 'GET', path }, answers.loggedModel).then(({ model }) => model),
    );
  }

  /** All active ones of an experiment that a filter finds. */
  searchLoggedModels(experimentId: string, filter: string): Promise<readonly LoggedModel[]> {
    return collectPages(async (page) => {
      const request = { experiment_ids: [experimentId], filter, max_results: 50, ...page };
      const answer = await this.#send('POST', '/logged-models/search', request, answers.loggedModels);
      return { items: answer.models, next: answer.next_page_token };
    });
  }

  async finalizeLoggedModel({ model_id, status }: FinalizeLoggedModel): Promise<void> {
    await this.#send('PATCH', `/logged-models/${model_id}`, { model_id, status }, answers.nothing);
  }

  async deleteLoggedModel(modelId: string): Promise<void> {
    await this.#send('DELETE', `/logged-models/${modelId}`, { model_id: modelId }, answers.nothing);
  }

  async setLoggedModelTags(modelId: string, tags: readonly KeyValue[]): Promise<void> {
    await this.#send('PATCH', `/logged-models/${modelId}/tags`, { model_id: modelId, tags }, answers.nothing);
  }

  async logLoggedModelParams(modelId: string, params: readonly KeyValue[]): Promise<void> {
    const request = { model_id: modelId, params };
    await this.#send('POST', `/logged-models/${modelId}/params`, request, answers.nothing);
  }

  /** Ties models to the run that made them. */
  async logOutputs(runId: string, models: readonly ModelOutput[]): Promise<void> {
    await this.#send('POST', '/runs/outputs', { run_id: runId, models }, answers.nothing);
  }

  /** Undefined when there is none of this name. */
  getRegisteredModel(name: string): Promise<RegisteredModel | undefined> {
    const path = `${API}/registered-models/get?${new URLSearchParams({ name }).toString()}`;
    return orMissing(
      this.#calls
        .json({ method: 'GET', path }, answers.registeredModel)
        .then(({ registered_model: model }) => model),
    );
  }

  /** @throws TrackingFailure `RESOURCE_ALREADY_EXISTS` */
  async createRegisteredModel(model: CreateRegisteredModel): Promise<void> {
    await this.#send('POST', '/registered-models/create', model, answers.nothing);
  }

  async setAlias(name: string, alias: string, version: string): Promise<void> {
    await this.#send('POST', '/registered-models/alias', { name, alias, version }, answers.nothing);
  }

  /** Sent once. */
  async createModelVersion(version: CreateModelVersion): Promise<ModelVersion> {
    const answer = await this.#send('POST', '/model-versions/create', version, answers.modelVersion, ONCE);
    return answer.model_version;
  }

  /** All versions of one registered model. */
  async listModelVersions(name: string): Promise<readonly ModelVersion[]> {
    const quoted = name.includes("'") ? `"${name}"` : `'${name}'`;
    const found = await collectPages(async (page) => {
      const query = new URLSearchParams({ filter: `name = ${quoted}`, max_results: '1000', ...page });
      const path = `${API}/model-versions/search?${query.toString()}`;
      const answer = await this.#calls.json({ method: 'GET', path }, answers.modelVersions);
      return { items: answer.model_versions, next: answer.next_page_token };
    });
    return found.filter((version) => version.name === name);
  }

  async deleteModelVersion(name: string, version: string): Promise<void> {
    await this.#send('DELETE', '/model-versions/delete', { name, version }, answers.nothing);
  }

  async #send<T extends z.ZodType>(
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    json: unknown,
    form: T,
    retry?: typeof ONCE,
  ): Promise<z.output<T>> {
    return this.#calls.json({ method, path: `${API}${path}`, json }, form, retry);
  }
}
