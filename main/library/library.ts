import { rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { MmarId } from '../../common/api/ids.ts';
import type { MmarCard } from '../../common/api/library.ts';
import { FaultError } from '../../common/fault.ts';
import { withFileFaults } from '../node/file-fault.ts';
import { findMmars, isFolder, isMmar } from './detect-mmar.ts';
import type { KnownMmars } from './known-mmars.ts';
import { makeSample } from './make-sample.ts';
import { noMmarFault, readCard, type CardParts } from './read-card.ts';

/** What the library works with. */
export interface LibraryParts extends CardParts {
  readonly known: KnownMmars;
  /** Absolute folder for the sample of the first start. */
  readonly sampleFolder: string;
}

/** Whole MMARs: what is known of them, and where they stand. */
export class Library {
  readonly #parts: LibraryParts;
  #firstStart: Promise<void> | undefined;

  constructor(parts: LibraryParts) {
    this.#parts = parts;
  }

  /** All cards, the MMAR opened last first. The very first call makes the sample. */
  async cards(): Promise<MmarCard[]> {
    const { known } = this.#parts;
    if (known.isNew) await (this.#firstStart ??= this.#makeFirstSample());
    return Promise.all(known.list().map((mmar) => readCard(mmar, this.#parts)));
  }

  /** A disk that is full or may not be written leaves an empty library, which offers the sample and then says why. */
  async #makeFirstSample(): Promise<void> {
    try {
      await this.addSample();
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
    }
  }

  async card(mmar: MmarId): Promise<MmarCard> {
    return readCard(this.#parts.known.get(mmar), this.#parts);
  }

  /** Makes a folder known. Throws a FaultError for one that holds no MMAR. */
  async add(folder: string): Promise<MmarId> {
    await requireMmar(folder);
    return this.#parts.known.add(folder);
  }

  /** Remembers where an MMAR is that somebody moved. */
  async relocate(mmar: MmarId, folder: string): Promise<void> {
    await requireMmar(folder);
    this.#parts.known.move(mmar, folder);
  }

  async addAll(folder: string): Promise<MmarId[]> {
    const found = await findMmars(folder);
    if (found.length === 0) throw new FaultError(noMmarFault(basename(folder)));
    return found.map((mmar) => this.#parts.known.add(mmar));
  }

  async addSample(): Promise<MmarId> {
    return this.#parts.known.add(await makeSample(this.#parts.sampleFolder), true);
  }

  /** Renames the folder; refused while a run is on in it, whose files would be gone under it. */
  async rename(mmar: MmarId, name: string): Promise<void> {
    const { known } = this.#parts;
    const folder = known.folderOf(mmar);
    const target = join(dirname(folder), name);
    if (target === folder) return;
    await this.refuseWhileRunning(mmar);
    const isSameFolder = target.toLowerCase() === folder.toLowerCase();
    if (!isSameFolder && (await isFolder(target)))
      throw new FaultError({
        code: 'already-exists',
        file: name,
        message: 'There is a folder of this name.',
      });
    await withFileFaults(basename(folder), () => rename(folder, target));
    known.move(mmar, target);
  }

  /** Throws a FaultError when a program works on a run of the MMAR. */
  async refuseWhileRunning(mmar: MmarId): Promise<void> {
    const folder = this.#parts.known.folderOf(mmar);
    if (!(await this.#parts.runs.isRunning(folder))) return;
    throw new FaultError({
      code: 'run-locked',
      file: basename(folder),
      message: 'A run is on in this MMAR.',
      allowed: 'waiting for its end, or stopping it first',
    });
  }
}

async function requireMmar(folder: string): Promise<void> {
  const name = basename(folder);
  if (!(await isFolder(folder)))
    throw new FaultError({ code: 'file-missing', file: name, message: 'There is no such folder.' });
  if (!(await isMmar(folder))) throw new FaultError(noMmarFault(name));
}
