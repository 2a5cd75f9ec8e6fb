import { mmarId, type MmarId } from '../../common/api/ids.ts';
import { FaultError } from '../../common/fault.ts';
import type { VolumeReading } from '../imaging/volume-reading.ts';
import type { ResourceRoute } from './resource-route.ts';

/**
 * `/resource/volumes/<token>`: the voxels of an open volume, raw, x fastest, little-endian, and while they are being read those
 * that are there already. A reading that fails ends the body early.
 */
export function volumesRoute(readVolume: (token: string) => VolumeReading): ResourceRoute {
  return {
    noun: 'volumes',
    async handle(request, [token = '']) {
      if (request.method !== 'GET') return refuseMethod();
      const reading = readVolume(token);
      const { voxels } = await reading.start;
      return new Response(ReadableStream.from(reading.pieces()), {
        headers: {
          'Content-Type': 'application/octet-stream',
          'Content-Length': String(voxels.byteLength),
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
