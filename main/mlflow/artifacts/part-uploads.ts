import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { doesNotExist, invalidParameter } from '../../../common/mlflow/error.ts';
import { MLFLOW_MOST_PARTS } from '../../../common/mlflow/limits.ts';
import type { ArtifactStore } from './artifact-store.ts';

interface Part {
  readonly draft: string;
  readonly etag: string;
}

interface Upload {
  readonly path: string;
  readonly partCount: number;
  readonly parts: Map<number, Part>;
}

/** Files that come in parts. An upload that is not completed in this process's life is swept away with the drafts. */
export class PartUploads {
  readonly #artifacts: ArtifactStore;
  readonly #uploads = new Map<string, Upload>();

  constructor(artifacts: ArtifactStore) {
    this.#artifacts = artifacts;
  }

  /** Begins an upload; gives its id, which nobody can guess. */
  begin(path: string, partCount: number): Promise<string> {
    if (partCount < 1 || partCount > MLFLOW_MOST_PARTS)
      throw invalidParameter(
        `The number of parts must be between 1 and ${MLFLOW_MOST_PARTS}, but got ${partCount}.`,
      );
    const id = randomUUID();
    this.#uploads.set(id, { path, partCount, parts: new Map() });
    return Promise.resolve(id);
  }

  /** Keeps a part, in place of an earlier one with its number; gives its digest. */
  async putPart(id: string, number: number, source: Readable): Promise<string> {
    const upload = this.#get(id);
    if (!Number.isInteger(number) || number < 1 || number > upload.partCount)
      throw invalidParameter(`The upload has no part ${number}.`);
    const hash = createHash('md5');
    const watch = new Transform({
      transform: (chunk: Buffer, _, done) => {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    source.once('error', (error) => watch.destroy(error));
    const draft = await this.#artifacts.writeDraft(source.pipe(watch));
    await this.#drop(upload.parts.get(number));
    const etag = hash.digest('hex');
    upload.parts.set(number, { draft, etag });
    return etag;
  }

  /** Makes the parts one file; each part must be there with the digest that its sender knows. */
  async complete(
    id: string,
    path: string,
    wanted: readonly { number: number; etag: string }[],
  ): Promise<void> {
    const upload = this.#get(id);
    const parts = wanted.map(({ number, etag }) => {
      const part = upload.parts.get(number);
      if (part === undefined || part.etag !== etag)
        throw invalidParameter(`Part ${number} of the upload is not there, or is another one.`);
      return part;
    });
    if (upload.path !== path || parts.length !== upload.partCount)
      throw invalidParameter('The parts are not those of the upload.');
    await this.#artifacts.write(path, Readable.from(readAll(parts)));
    await this.abort(id);
  }

  /** Gives an upload up; whether there was one. */
  async abort(id: string): Promise<boolean> {
    const upload = this.#uploads.get(id);
    this.#uploads.delete(id);
    for (const part of upload?.parts.values() ?? []) await this.#drop(part);
    return upload !== undefined;
  }

  #get(id: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload === undefined) throw doesNotExist('There is no such upload.');
    return upload;
  }

  async #drop(part: Part | undefined): Promise<void> {
    if (part !== undefined) await rm(part.draft, { force: true });
  }
}

async function* readAll(parts: readonly Part[]): AsyncGenerator<Buffer> {
  for (const { draft } of parts) yield* createReadStream(draft) as AsyncIterable<Buffer>;
}
