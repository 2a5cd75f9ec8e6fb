import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { mmarId, type MmarId } from '../../common/api/ids.ts';
import { FaultError } from '../../common/fault.ts';
import { writeAtomicSync } from '../node/write-atomic-sync.ts';
import type { Clock } from '../ports/clock.ts';

const knownMmar = z.object({
  mmar: mmarId,
  folder: z.string(),
  addedAt: z.iso.datetime(),
  openedAt: z.iso.datetime().optional(),
  isSample: z.boolean().default(false),
});

/** An MMAR that this machine knows. */
export type KnownMmar = z.output<typeof knownMmar>;

const removal = z.object({
  removal: z.string(),
  known: knownMmar,
  /** Where it waits, absolute. */
  kept: z.string(),
  removedAt: z.iso.datetime(),
});

/** An MMAR that was put away and can come back. */
export type Removal = z.output<typeof removal>;

const libraryFile = z.object({
  version: z.literal(1),
  mmars: z.array(knownMmar),
  removals: z.array(removal).default([]),
});
type LibraryFile = z.output<typeof libraryFile>;

const FILE = 'library.json';

/**
 * Which MMARs are known on this machine: `<dataFolder>/library.json`. The file is read before every change, so that two
 * programs (a window and a server) can keep the same one.
 */
export class KnownMmars {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #library: LibraryFile;

  constructor(dataFolder: string, clock: Clock) {
    this.#file = join(dataFolder, FILE);
    this.#clock = clock;
    this.#library = this.#read();
  }

  /** Whether there never was a library here: then the program was not used before. */
  get isNew(): boolean {
    try {
      readFileSync(this.#file);
      return false;
    } catch {
      return true;
    }
  }

  /** All of them, the one opened last first. */
  list(): readonly KnownMmar[] {
    this.#library = this.#read();
    const age = ({ openedAt, addedAt }: KnownMmar): string => openedAt ?? addedAt;
    return this.#library.mmars.toSorted((a, b) => age(b).localeCompare(age(a)));
  }

  get(mmar: MmarId): KnownMmar {
    const known = this.#find(mmar);
    if (known !== undefined) return known;
    throw new FaultError({
      code: 'file-missing',
      message: 'This MMAR is not in the library.',
      allowed: 'an MMAR that was opened or made here',
    });
  }

  /** Absolute path of an MMAR. Throws a FaultError for one that is not known. */
  folderOf(mmar: MmarId): string {
    return this.get(mmar).folder;
  }

  /** Makes a folder known; one that is known keeps its id. */
  add(folder: string, isSample = false): MmarId {
    const place = resolve(folder);
    const now = this.#now();
    let mmar: MmarId | undefined;
    this.#change((library) => {
      const known = library.mmars.find((other) => other.folder === place);
      mmar = known?.mmar ?? mmarId.parse(randomBytes(8).toString('hex'));
      if (known !== undefined) return library;
      return { ...library, mmars: [...library.mmars, { mmar, folder: place, addedAt: now, isSample }] };
    });
    return mmar!;
  }

  forget(mmar: MmarId): void {
    this.#change((library) => ({
      ...library,
      mmars: library.mmars.filter((known) => known.mmar !== mmar),
    }));
  }

  /** Remembers that it was opened now. */
  touch(mmar: MmarId): void {
    this.#replace(mmar, (known) => ({ ...known, openedAt: this.#now() }));
  }

  /** Remembers that it stands elsewhere now. */
  move(mmar: MmarId, folder: string): void {
    this.#replace(mmar, (known) => ({ ...known, folder: resolve(folder) }));
  }

  /** Takes it off the list and remembers where it waits. */
  putAway(mmar: MmarId, kept: string): Removal {
    const known = this.get(mmar);
    const put: Removal = { removal: basename(kept), known, kept, removedAt: this.#now() };
    this.#change((library) => ({
      ...library,
      mmars: library.mmars.filter((other) => other.mmar !== mmar),
      removals: [...library.removals, put],
    }));
    return put;
  }

  removals(): readonly Removal[] {
    return this.#library.removals;
  }

  /** Puts it on the list again, with the id that it had. */
  takeBack(removal: string): void {
    this.#change((library) => {
      const put = library.removals.find((other) => other.removal === removal);
      if (put === undefined) return library;
      return {
        ...library,
        mmars: [...library.mmars, put.known],
        removals: library.removals.filter((other) => other !== put),
      };
    });
  }

  /** Forgets what was put away: it is in the trash now. */
  dropRemoval(removal: string): void {
    this.#change((library) => ({
      ...library,
      removals: library.removals.filter((other) => other.removal !== removal),
    }));
  }

  /** Calls back after each change; the returned function stops that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells that something about an MMAR looks different although the list is the same. */
  announce(): void {
    for (const listener of this.#listeners) listener();
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }

  #find(mmar: MmarId): KnownMmar | undefined {
    const has = (known: KnownMmar): boolean => known.mmar === mmar;
    const known = this.#library.mmars.find(has);
    if (known !== undefined) return known;
    this.#library = this.#read();
    return this.#library.mmars.find(has);
  }

  #replace(mmar: MmarId, change: (known: KnownMmar) => KnownMmar): void {
    this.get(mmar);
    this.#change((library) => ({
      ...library,
      mmars: library.mmars.map((known) => (known.mmar === mmar ? change(known) : known)),
    }));
  }

  #change(change: (library: LibraryFile) => LibraryFile): void {
    const before = this.#read();
    const after = change(before);
    this.#library = after;
    if (after !== before) writeAtomicSync(this.#file, `${JSON.stringify(after, null, 2)}\n`);
    this.announce();
  }

  #read(): LibraryFile {
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch {
      return { version: 1, mmars: [], removals: [] };
    }
    try {
      return libraryFile.parse(JSON.parse(text));
    } catch {
      // What is no library is kept beside the new one; the folders themselves are where they were.
      writeAtomicSync(`${this.#file}.damaged`, text);
      return { version: 1, mmars: [], removals: [] };
    }
  }
}
