import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FaultError } from '../../common/fault.ts';
import { archiveLimits } from '../mmar/archive/limits.ts';
import { withFileFaults } from '../node/file-fault.ts';
import type { ResourceRoute } from '../resources/resource-route.ts';

/** The ending of a packed MMAR. */
export const PACKED_ENDING = 'mmar';

const ID = /^[0-9a-f]{16}$/;

/**
 * Packed MMARs on their way between a browser and this machine: `<dataFolder>/packed/<id>/<name>`. A folder is deleted when
 * its file was fetched or unpacked, and all that are left when the program starts.
 */
export class PackedFiles {
  readonly #folder: string;

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, 'packed');
  }

  /** Deletes what another start has left. */
  async clear(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** A place for a file of that name, and the address that it can be fetched from. */
  async makePlace(fileName: string): Promise<{ readonly file: string; readonly address: string }> {
    const id = randomBytes(8).toString('hex');
    await withFileFaults(fileName, () => mkdir(join(this.#folder, id), { recursive: true, mode: 0o700 }));
    return {
      file: join(this.#folder, id, fileName),
      address: `/resource/library/packed/${id}`,
    };
  }

  /** The file that was uploaded under an id. Throws a FaultError when it is not there. */
  async find(id: string): Promise<string> {
    const names = ID.test(id) ? await readdir(join(this.#folder, id)).catch(() => []) : [];
    const name = names.find((other) => !other.startsWith('.'));
    if (name !== undefined) return join(this.#folder, id, name);
    throw new FaultError({ code: 'file-missing', message: 'The uploaded file is not there any more.' });
  }

  async delete(id: string): Promise<void> {
    if (ID.test(id)) await rm(join(this.#folder, id), { recursive: true, force: true });
  }

  /** `GET packed/<id>` gives a packed MMAR once; `POST upload/<name>` takes one. */
  readonly route: ResourceRoute = {
    noun: 'library',
    handle: async (request, [verb, argument = '']) => {
      if (verb === 'packed' && request.method === 'GET') return this.#give(argument);
      if (verb === 'upload' && request.method === 'POST') return this.#take(request, argument);
      return Response.json({ message: 'There is nothing at this address.' }, { status: 404 });
    },
  };

  async #give(id: string): Promise<Response> {
    const file = await this.find(id);
    const { size } = await stat(file);
    const stream = createReadStream(file);
    stream.once('close', () => void this.delete(id));
    return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, {
      headers: {
        'Content-Type': 'application/zip',
        'Content-Length': String(size),
        'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(basename(file))}`,
        'Cache-Control': 'no-store',
      },
    });
  }

  async #take(request: Request, name: string): Promise<Response> {
    const fileName = basename(name.replaceAll('\\', '/')).replace(/^[.]+/, '') || `upload.${PACKED_ENDING}`;
    const { file } = await this.makePlace(fileName);
    const draft = join(file, '..', '.part');
    const id = basename(join(file, '..'));
    try {
      if (request.body === null) throw new FaultError({ code: 'archive', message: 'The upload is empty.' });
      const body = Readable.fromWeb(request.body as Parameters<typeof Readable.fromWeb>[0]);
      await withFileFaults(fileName, () =>
        pipeline(
          body,
          limitBytes(archiveLimits.totalBytes, fileName),
          createWriteStream(draft, { mode: 0o600 }),
        ),
      );
      await rename(draft, file);
      return Response.json({ upload: id });
    } catch (error) {
      await this.delete(id);
      throw error;
    }
  }
}

function limitBytes(most: number, fileName: string): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= most) done(null, chunk);
      else
        done(new FaultError({ code: 'file-too-large', file: fileName, message: 'The file is too large.' }));
    },
  });
}
