import { MLflowError, invalidParameter } from '../../../../common/mlflow/error.ts';
import type { CreateModelVersion } from '../../../../common/mlflow/requests.ts';
import { parseModelUri } from '../../store/registry/model-uri.ts';
import type { TrackingStore } from '../../store/tracking-store.ts';

/**
 * Checks where the files of a new version are said to be, and fills in what the source itself says. A version is read
 * later by whoever may read the registry: its source must not lead to another place of this machine.
 *
 * @throws {MLflowError} INVALID_PARAMETER_VALUE.
 */
export function resolveVersionSource(store: TrackingStore, request: CreateModelVersion): CreateModelVersion {
  const { source } = request;
  if (isLocal(source))
    throw invalidParameter(
      `Invalid model version source: '${source}'. To use a local path as a model version source, the run_id request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the run_id.`,
    );
  checkPath(source);
  if (source.startsWith('models:')) return resolveModelSource(store, request);
  const id = request.model_id || undefined;
  if (source.startsWith('runs:')) {
    const runId = /^runs:\/+([^/]+)/.exec(source)?.[1];
    if (id !== undefined || runId === undefined || runId !== request.run_id)
      refuse(source, id === undefined ? 'run_id' : 'model_id');
  } else if (isServed(source)) checkServed(store, request);
  return request;
}

const PLACEHOLDERS = ['prompt-template', 'dummy-source'];

/** A path of a machine, with or without `file:`. */
function isLocal(source: string): boolean {
  if (PLACEHOLDERS.includes(source)) return false;
  return /^file:/i.test(source) || !/^[a-z][a-z0-9+.-]+:/i.test(source);
}

const isServed = (source: string): boolean =>
  /^mlflow-artifacts:/i.test(source) || /^https?:.*\/api\/2\.0\/mlflow-artifacts\/artifacts/i.test(source);

function checkPath(source: string): void {
  let decoded = source.replaceAll('+', ' ');
  for (let before = ''; before !== decoded;) {
    before = decoded;
    try {
      decoded = decodeURIComponent(before);
    } catch {
      break;
    }
  }
  if (!decoded.includes('\0') && !decoded.split('/').some((part) => part === '..' || part === '.')) return;
  throw invalidParameter(
    `Invalid model version source: '${source}'. If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references present. Please provide an absolute path.`,
  );
}

function resolveModelSource(store: TrackingStore, request: CreateModelVersion): CreateModelVersion {
  const { source, run_id, model_id } = request;
  const uri = parseModelUri(source);
  if (uri === undefined || source.startsWith('models://')) refuse(source, 'model_id');
  if (uri.modelId !== undefined) {
    if (model_id !== uri.modelId) refuse(source, 'model_id');
    return request;
  }
  const version = findVersion(store, uri);
  const original = store.modelVersions.get(uri.name, version);
  if (run_id !== undefined && run_id !== (original.run_id ?? ''))
    throw invalidParameter(
      `Invalid model version source: '${source}'. The run_id and model_id request parameters must match the referenced model version.`,
    );
  return { ...request, source: `models:/${uri.name}/${version}`, run_id: run_id ?? original.run_id };
}

function findVersion(
  { registeredModels }: TrackingStore,
  uri: NonNullable<ReturnType<typeof parseModelUri>>,
): string {
  if (uri.version !== undefined) return uri.version;
  if (uri.alias !== undefined) return String(registeredModels.findAliasedVersion(uri.name, uri.alias));
  const stages = uri.stage === undefined ? [] : [uri.stage];
  const numbers = registeredModels.getLatestVersions(uri.name, stages).map(({ version }) => Number(version));
  if (numbers.length > 0) return String(Math.max(...numbers));
  throw new MLflowError('RESOURCE_DOES_NOT_EXIST', `No versions of model with name '${uri.name}' found`);
}

/** A file that this server keeps belongs to the run or the model that is named with it. */
function checkServed(store: TrackingStore, { source, run_id, model_id }: CreateModelVersion): void {
  const owner = model_id ? 'model_id' : 'run_id';
  try {
    const root = model_id
      ? store.loggedModels.get(model_id).info.artifact_uri
      : run_id
        ? store.runs.get(run_id).info.artifact_uri
        : undefined;
    if (root !== undefined && (source === root || source.startsWith(`${root}/`))) return;
  } catch (error) {
    if (!(error instanceof MLflowError && error.code === 'RESOURCE_DOES_NOT_EXIST')) throw error;
  }
  refuse(source, owner);
}

function refuse(source: string, owner: 'run_id' | 'model_id'): never {
  throw invalidParameter(
    `Invalid model version source: '${source}'. The ${owner} request parameter must identify the resource that contains the source.`,
  );
}
