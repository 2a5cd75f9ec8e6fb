import type { FileInfo } from '../../../../common/mlflow/entities.ts';
import { invalidParameter, MLflowError } from '../../../../common/mlflow/error.ts';
import { artifactPathOf, checkArtifactPath } from '../../artifacts/artifact-path.ts';
import { appendToUri } from '../../store/context.ts';
import type { TrackingStore } from '../../store/tracking-store.ts';
import { FileAnswer } from '../http/answer.ts';
import { readBody } from '../http/read-body.ts';
import { apiRoute, type Call, type MakeRoutes, type Route } from '../http/route.ts';
import { text } from '../wire/fields.ts';

const MOST_UPLOAD_BYTES = 10 * 1024 * 1024;
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The files of runs, logged models and versions, found by what they belong to. */
export const makeArtifactRoutes: MakeRoutes = (store) => [
  apiRoute(
    'GET',
    'artifacts/list',
    { run_id: text, run_uuid: text, path: text, page_token: text },
    ['run_id'],
    async (input) => {
      const root = store.runs.get(input.run_id || input.run_uuid || '').info.artifact_uri;
      return { root_uri: root, files: await listUnder(store, root, input.path) };
    },
  ),
  apiRoute(
    'GET',
    'logged-models/<model_id>/artifacts/directories',
    { model_id: text, artifact_directory_path: text, page_token: text },
    ['model_id'],
    async ({ model_id, artifact_directory_path: path }) => {
      const root = store.loggedModels.get(model_id).info.artifact_uri;
      return { root_uri: root, files: await listUnder(store, root, path) };
    },
  ),
  ...['upload', 'download'].map((way) =>
    apiRoute(
      'POST',
      `artifacts/presigned-${way}-url`,
      { run_id: text, model_id: text, path: text },
      ['path'],
      () => {
        throw invalidParameter(
          `Presigned ${way} is not supported for proxied artifact storage (artifact URI scheme: mlflow-artifacts). This endpoint requires a direct cloud storage artifact URI.`,
        );
      },
    ),
  ),
  ...makePageRoutes(store),
];

/** What MLflow's own pages use to show and to put files. */
function makePageRoutes(store: TrackingStore): Route[] {
  const open = async (path: string, findRoot: () => string): Promise<FileAnswer> => {
    const relative = checkArtifactPath(path);
    const place = joinPath(rootOf(resolveUri(store, findRoot())), relative);
    return new FileAnswer(await store.artifacts.open(place), baseName(place));
  };
  return [
    {
      methods: ['GET'],
      path: 'get-artifact',
      prefixes: ['/'],
      answer: ({ query }) => open(need(query, 'path'), () => store.runs.get(runOf(query)).info.artifact_uri),
    },
    {
      methods: ['GET'],
      path: 'model-versions/get-artifact',
      prefixes: ['/'],
      answer: ({ query }) =>
        open(need(query, 'path'), () =>
          store.modelVersions.getDownloadUri(need(query, 'name'), need(query, 'version')),
        ),
    },
    {
      methods: ['GET'],
      path: 'mlflow/logged-models/<model_id>/artifacts/files',
      prefixes: ['/ajax-api/2.0/'],
      answer: ({ query, place }) =>
        open(
          need(query, 'artifact_file_path'),
          () => store.loggedModels.get(place['model_id']!).info.artifact_uri,
        ),
    },
    {
      methods: ['POST'],
      path: 'mlflow/upload-artifact',
      prefixes: ['/ajax-api/2.0/'],
      answer: async ({ query, request }: Call) => {
        const run = need(query, 'run_uuid');
        const path = checkArtifactPath(need(query, 'path'));
        const content = await readBody(request, MOST_UPLOAD_BYTES);
        if (content.length === 0) throw invalidParameter('Request must specify data.');
        await store.artifacts.write(joinPath(rootOf(store.runs.get(run).info.artifact_uri), path), content);
        return {};
      },
    },
  ];
}

const runOf = (query: URLSearchParams): string => query.get('run_id') ?? need(query, 'run_uuid');

function need(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null || value === '') throw invalidParameter(`Request must specify ${name}.`);
  return value;
}

const joinPath = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('/');

/** A version may have the files of a run or of a logged model: where those are. */
function resolveUri(store: TrackingStore, uri: string): string {
  const [, kind, id = '', path = ''] = /^(runs|models):\/+([^/]+)\/?(.*)$/.exec(uri) ?? [];
  if (kind === 'runs') return appendToUri(store.runs.get(id).info.artifact_uri, path);
  const model = kind === 'models' ? store.loggedModels.find(id) : undefined;
  return model === undefined ? uri : model.info.artifact_uri;
}

/** Where the files of a URI are in this store. */
function rootOf(uri: string): string {
  const root = artifactPathOf(uri);
  if (root !== undefined) return root;
  throw new MLflowError(
    'NOT_IMPLEMENTED',
    `This tracking server does not read artifacts outside of its own store; they are at ${uri.split(':')[0]}:...`,
  );
}

/** What is in a folder of a run or model; paths are relative to its root. */
async function listUnder(
  store: TrackingStore,
  uri: string,
  path = '',
): Promise<readonly FileInfo[] | undefined> {
  const relative = checkArtifactPath(path);
  const files = await store.artifacts.list(joinPath(rootOf(uri), relative));
  return files.length === 0
    ? undefined
    : files.map((file) => ({ ...file, path: joinPath(relative, baseName(file.path)) }));
}
