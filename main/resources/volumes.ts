import { mmarId, type MmarId } from '../../common/api/ids.ts';
import { FaultError } from '../../common/fault.ts';
import type { Volume } from '../imaging/make-volume.ts';
import type { ResourceRoute } from './resource-route.ts';

/** `/resource/volumes/<token>`: the voxels of an open volume, raw, x fastest, little-endian. */
export function volumesRoute(readVolume: (token: string) => Promise<Volume>): ResourceRoute {
  return {
    noun: 'volumes',
    async handle(request, [token = '']) {
      if (request.method !== 'GET') return refuseMethod();
      const { voxels } = await readVolume(token);
      const { buffer, byteOffset, byteLength } = voxels;
      return new Response(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength), {
        headers: {
          'Content-Type': 'application/octet-stream',
          'Content-Length': String(byteLength),
          'Cache-Control': 'no-store',
        },
      });
    },
  };
}

/** `/resource/thumbnails/<mmar>/<list>/<index>`: a small picture of a case. */
export function thumbnailsRoute(
  readThumbnail: (mmar: MmarId, list: string, index: number) => Promise<Uint8Array>,
): ResourceRoute {
  return {
    noun: 'thumbnails',
    async handle(request, [mmar, list = '', index]) {
      if (request.method !== 'GET') return refuseMethod();
      const id = mmarId.safeParse(mmar);
      if (!id.success || !/^\d{1,9}$/.test(index ?? '')) {
        throw new FaultError({ code: 'data-list', message: 'The address names no case.' });
      }
      const png = await readThumbnail(id.data, list, Number(index));
      return new Response(new Uint8Array(png), {
        headers: { 'Content-Type': 'image/png', 'Cache-Control': 'private, max-age=300' },
      });
    },
  };
}

const refuseMethod = (): Response => new Response(null, { status: 405, headers: { Allow: 'GET' } });
