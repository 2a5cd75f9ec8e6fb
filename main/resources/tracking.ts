import { Readable } from 'node:stream';
import { FaultError } from '../../common/fault.ts';
import type { SharedStore } from '../mlflow/shared-store.ts';
import { asTrackingFault, findArtifactRoot } from '../services/tracking.ts';
import type { ResourceRoute } from './resource-route.ts';

/** What the window may show as it is: pictures that hold no program, and text. */
const SHOWN: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
};
const TEXT = new Set('txt log csv tsv md json jsonl yaml yml xml ini toml mlmodel'.split(' '));
/** `MLmodel` has no ending. */
const TEXT_NAMES = new Set(['MLmodel', 'requirements.txt']);

/**
 * `/resource/tracking/run/<id>/<path...>` and `/resource/tracking/model/<id>/<path...>`: a file of the tracking store.
 * A download; with `?show=1` pictures and text for the window.
 */
export function trackingRoute(shared: SharedStore): ResourceRoute {
  return {
    noun: 'tracking',
    async handle(request, [kind, id = '', ...path]) {
      if (request.method !== 'GET') return new Response(null, { status: 405, headers: { Allow: 'GET' } });
      if ((kind !== 'run' && kind !== 'model') || path.length === 0) throw noSuchFile();
      try {
        const store = shared.open();
        const root = findArtifactRoot(store, kind === 'run' ? { run: id } : { model: id });
        if (root === undefined) throw noSuchFile();
        const artifact = await store.artifacts.open(`${root}/${path.map(encodeURIComponent).join('/')}`);
        const body =
          artifact.sizeBytes === 0 ? null : (Readable.toWeb(artifact.read()) as ReadableStream<Uint8Array>);
        return new Response(body, { headers: describeFile(path.at(-1)!, artifact.sizeBytes, request.url) });
      } catch (error) {
        const fault = asTrackingFault(error);
        throw fault instanceof FaultError && fault.faults[0]?.code === 'run-not-found' ? noSuchFile() : fault;
      }
    },
  };
}

function describeFile(name: string, sizeBytes: number, url: string): Record<string, string> {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  const isText = TEXT.has(ending) || TEXT_NAMES.has(name);
  const shown = SHOWN[ending] ?? (isText ? 'text/plain; charset=utf-8' : undefined);
  const isShown = new URL(url).searchParams.get('show') === '1' && shown !== undefined;
  return {
    'Content-Type': isShown ? shown : 'application/octet-stream',
    'Content-Length': String(sizeBytes),
    'Content-Disposition': isShown ? 'inline' : `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    'Cache-Control': 'no-store',
  };
}

const noSuchFile = (): FaultError =>
  new FaultError({ code: 'file-missing', message: 'There is no such file in the tracking store.' });
