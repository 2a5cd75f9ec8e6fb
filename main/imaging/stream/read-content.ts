import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { asCompressionFault, asImageFault } from '../read-bytes.ts';

/** Large pieces: each one costs a turn of the thread, whatever its size. */
const PIECE_BYTES = 2 ** 20;

/**
 * The content of a file piece by piece. It is read and decompressed by threads of Node's own, so that both go on while the
 * pieces are worked with.
 *
 * @throws FaultError `image-missing`, `image-unreadable`, `image-truncated`
 */
export async function* readContent(
  file: string,
  isCompressed: boolean,
  name: string,
): AsyncGenerator<Uint8Array, void> {
  const source = createReadStream(file, { highWaterMark: PIECE_BYTES });
  try {
    for await (const piece of isCompressed ? decompress(source) : source) yield piece as Uint8Array;
  } catch (error) {
    const isCompression = (error as NodeJS.ErrnoException).code?.startsWith('Z_') === true;
    throw isCompression ? asCompressionFault(error, name) : asImageFault(error, name);
  } finally {
    source.destroy();
  }
}

function decompress(source: Readable): Readable {
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  source.on('error', (error) => gunzip.destroy(error));
  return source.pipe(gunzip);
}
