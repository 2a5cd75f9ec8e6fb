import { doesNotExist, MLflowError } from '../../../../common/mlflow/error.ts';
import { checkArtifactPath } from '../../artifacts/artifact-path.ts';
import { PartUploads } from '../../artifacts/part-uploads.ts';
import { FileAnswer, TextAnswer } from '../http/answer.ts';
import { readJsonBody } from '../http/read-body.ts';
import type { Call, MakeRoutes, Route } from '../http/route.ts';
import { integer, listOf, message, text } from '../wire/fields.ts';
import { parseRequest } from '../wire/parse-request.ts';

const PATH = 'mlflow-artifacts';
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const pathOf = ({ place }: Call): string => checkArtifactPath(place['path']!);

/** Files by their path under the root: what `mlflow-artifacts:/...` stands for. Contents are streamed both ways. */
export const makeProxiedArtifactRoutes: MakeRoutes = (store) => {
  const { artifacts } = store;
  return [
    {
      methods: ['GET'],
      path: `${PATH}/artifacts`,
      answer: async ({ query }) => {
        const files = await artifacts.list(checkArtifactPath(query.get('path') ?? ''));
        return {
          files:
            files.length === 0 ? undefined : files.map((file) => ({ ...file, path: baseName(file.path) })),
        };
      },
    },
    {
      methods: ['GET'],
      path: `${PATH}/artifacts/<path...>`,
      answer: async (call) => new FileAnswer(await artifacts.open(pathOf(call)), baseName(pathOf(call))),
    },
    {
      methods: ['PUT'],
      path: `${PATH}/artifacts/<path...>`,
      answer: async (call) => {
        const path = pathOf(call);
        await artifacts.write(path, call.request);
        return new TextAnswer('');
      },
    },
    {
      methods: ['DELETE'],
      path: `${PATH}/artifacts/<path...>`,
      answer: async (call) => {
        await artifacts.delete(pathOf(call));
        return {};
      },
    },
    {
      methods: ['GET'],
      path: `${PATH}/presigned/<path...>`,
      answer: () => {
        throw new MLflowError(
          'NOT_IMPLEMENTED',
          'Multipart download is not supported for the current artifact repository',
        );
      },
    },
    ...makePartRoutes(new PartUploads(artifacts)),
  ];
};

const part = message({ part_number: integer, etag: text, url: text });

/** Large files in parts, each put to an address of its own. */
function makePartRoutes(uploads: PartUploads): Route[] {
  const target = (call: Call, file: string): string =>
    checkArtifactPath(`${pathOf(call)}/${baseName(file.replaceAll('\\', '/'))}`);
  return [
    {
      methods: ['POST'],
      path: `${PATH}/mpu/create/<path...>`,
      answer: async (call) => {
        const input = parseRequest(
          { path: text, num_parts: integer },
          ['path'],
          await readJsonBody(call.request),
        );
        const id = await uploads.begin(target(call, input.path), input.num_parts ?? 1);
        const address = `http://${call.request.headers.host}/api/2.0/${PATH}/mpu/part/${id}`;
        const credentials = Array.from({ length: input.num_parts ?? 1 }, (_, at) => ({
          url: `${address}/${at + 1}`,
          part_number: at + 1,
          headers: {},
        }));
        return { upload_id: id, credentials };
      },
    },
    {
      methods: ['PUT'],
      path: `${PATH}/mpu/part/<id>/<number>`,
      // whoever was given the address may put the part: clients send no token here, as to a cloud store
      isOpen: true,
      answer: async ({ place, request }) => {
        const etag = await uploads.putPart(place['id']!, Number(place['number']), request);
        return new TextAnswer('', 200, { etag: `"${etag}"` });
      },
    },
    {
      methods: ['POST'],
      path: `${PATH}/mpu/complete/<path...>`,
      answer: async (call) => {
        const fields = { path: text, upload_id: text, parts: listOf(part) };
        const input = parseRequest(fields, ['path', 'upload_id', 'parts'], await readJsonBody(call.request));
        const parts = input.parts.map(({ part_number = 0, etag = '' }) => ({
          number: part_number,
          etag: etag.replaceAll('"', ''),
        }));
        await uploads.complete(input.upload_id, target(call, input.path), parts);
        return {};
      },
    },
    {
      methods: ['POST'],
      path: `${PATH}/mpu/abort/<path...>`,
      answer: async (call) => {
        const input = parseRequest(
          { path: text, upload_id: text },
          ['path', 'upload_id'],
          await readJsonBody(call.request),
        );
        if (!(await uploads.abort(input.upload_id))) throw doesNotExist('There is no such upload.');
        return {};
      },
    },
  ];
}
