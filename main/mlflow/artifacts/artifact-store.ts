import { randomUUID } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FaultError, type Fault } from '../../../common/fault.ts';
import { findFileFault } from '../../../common/file-fault.ts';
import type { FileInfo } from '../../../common/mlflow/entities.ts';
import { doesNotExist, invalidParameter, MLflowError } from '../../../common/mlflow/error.ts';
import { writeAndRelease } from '../../node/release-memory.ts';
import { checkArtifactPath } from './artifact-path.ts';

/** What a file's content can come from. A stream's pieces are used up: their memory is given back. */
export type ArtifactSource = Readable | Uint8Array | string | AsyncIterable<Uint8Array>;

/** A file that is being read. */
export interface OpenArtifact {
  readonly sizeBytes: number;
  /** The content from `start` to `end`, both within it; all of it when left out. */
  read(range?: { readonly start: number; readonly end: number }): ReadStream;
}

/** Drafts of a process that ended in the middle are older than this. */
const ABANDONED_MS = 24 * 3600_000;

/**
 * The files of runs and models, under one root. Paths are relative to it, with `/`. A file appears when all of it is
 * there: it is written beside the root first and then renamed.
 */
export class ArtifactStore {
  readonly root: string;
  readonly #drafts: string;
  readonly #readOnly: Fault | undefined;

  /** `draftFolder` must be on the same disk as `root`; with `readOnly` nothing is written, for this reason. */
  constructor(root: string, draftFolder: string, readOnly?: Fault) {
    this.root = root;
    this.#drafts = draftFolder;
    this.#readOnly = readOnly;
  }

  /** What is in a folder, by name; a file or nothing lists as empty. Paths are relative to the root. */
  async list(path = ''): Promise<FileInfo[]> {
    const checked = checkArtifactPath(path);
    const folder = await this.#findWithin(checked);
    if (folder === undefined || !(await stat(folder)).isDirectory()) return [];
    const entries = await readdir(folder, { withFileTypes: true });
    const infos = await Promise.all(
      entries.map(async (entry): Promise<FileInfo[]> => {
        const name = checked === '' ? entry.name : `${checked}/${entry.name}`;
        if (entry.isDirectory()) return [{ path: name, is_dir: true }];
        if (!entry.isFile()) return [];
        return [{ path: name, is_dir: false, file_size: (await stat(join(folder, entry.name))).size }];
      }),
    );
    return infos.flat().sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** All files under a path, by name, with their sizes. */
  async listFiles(path = ''): Promise<FileInfo[]> {
    const entries = await this.list(path);
    const nested = await Promise.all(
      entries.map((entry) => (entry.is_dir ? this.listFiles(entry.path) : Promise.resolve([entry]))),
    );
    return nested.flat();
  }

  /** @throws {MLflowError} RESOURCE_DOES_NOT_EXIST where there is no such file. */
  async open(path: string): Promise<OpenArtifact> {
    const file = await this.#findWithin(checkArtifactPath(path));
    const found = file === undefined ? undefined : await stat(file);
    if (found?.isDirectory() === true)
      throw invalidParameter(`Artifact path refers to a directory, not a file: '${path}'`);
    if (file === undefined || !found!.isFile()) throw noSuchFile(path);
    return { sizeBytes: found!.size, read: (range) => createReadStream(file, range) };
  }

  /** Puts a file, and the folders that it needs; one that is there is replaced. */
  async write(path: string, source: ArtifactSource): Promise<void> {
    const file = this.resolve(path);
    await this.#place(file, await this.writeDraft(source));
  }

  /** Writes content that is not yet a file of the store; gives the draft's path. Nothing stays when it fails. */
  async writeDraft(source: ArtifactSource): Promise<string> {
    this.#checkWritable();
    await mkdir(this.#drafts, { recursive: true });
    const draft = join(this.#drafts, randomUUID());
    try {
      const handle = await open(draft, 'wx');
      try {
        if (typeof source === 'string' || source instanceof Uint8Array) await handle.writeFile(source);
        else
          await pipeline(
            source,
            writeAndRelease((piece) => handle.writeFile(piece)),
          );
      } finally {
        await handle.close();
      }
      return draft;
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  /** Makes a draft a file of the store. */
  async placeDraft(path: string, draft: string): Promise<void> {
    await this.#place(this.resolve(path), draft);
  }

  /** Deletes a file, or a folder with all in it; nothing happens where nothing is. */
  async delete(path: string): Promise<void> {
    this.#checkWritable();
    const checked = checkArtifactPath(path);
    if (checked === '') throw invalidParameter('Invalid path');
    const file = await this.#findWithin(checked);
    if (file !== undefined) await rm(file, { recursive: true, force: true });
  }

  /** Removes what uploads that were broken off left behind. */
  async sweep(now: number): Promise<void> {
    const drafts = await readdir(this.#drafts).catch(() => []);
    for (const name of drafts) {
      const draft = join(this.#drafts, name);
      const found = await stat(draft).catch(() => undefined);
      if (found !== undefined && now - found.mtimeMs > ABANDONED_MS)
        await rm(draft, { recursive: true, force: true });
    }
  }

  /** The absolute path of a file of the store, whether it is there or not. */
  resolve(path: string): string {
    const checked = checkArtifactPath(path);
    if (checked === '') throw invalidParameter('Invalid path');
    return join(this.root, checked);
  }

  #checkWritable(): void {
    if (this.#readOnly !== undefined) throw new FaultError(this.#readOnly);
  }

  async #place(file: string, draft: string): Promise<void> {
    try {
      const folder = dirname(file);
      // before folders are made: a link on the way must not have them made where it leads
      for (let at = file.indexOf(sep, this.root.length + 1); at >= 0; at = file.indexOf(sep, at + 1))
        await this.#findWithin(file.slice(this.root.length, at));
      await mkdir(folder, { recursive: true });
      await this.#findWithin(folder.slice(this.root.length));
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true });
      const fault = findFileFault(error, '');
      if (fault?.code === 'file-unwritable' || fault?.code === 'already-exists')
        throw new MLflowError('RESOURCE_CONFLICT', fault.message);
      throw error;
    }
  }

  /** The real path; undefined where nothing is. A link that leads out of the root is refused. */
  async #findWithin(path: string): Promise<string | undefined> {
    let real: string;
    try {
      real = await realpath(join(this.root, path));
    } catch (error) {
      if (findFileFault(error, path) === undefined) throw error;
      return undefined;
    }
    const root = await realpath(this.root);
    if (real === root || real.startsWith(root + sep)) return real;
    throw invalidParameter('Invalid path');
  }
}

const noSuchFile = (path: string): MLflowError => doesNotExist(`No such artifact: '${path}'`);
