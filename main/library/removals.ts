import { randomBytes } from 'node:crypto';
import { mkdir, rename, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { MmarId } from '../../common/api/ids.ts';
import { FaultError } from '../../common/fault.ts';
import { withFileFaults } from '../node/file-fault.ts';
import type { Clock } from '../ports/clock.ts';
import type { Desktop } from '../ports/desktop.ts';
import { isFolder } from './detect-mmar.ts';
import type { KnownMmars, Removal } from './known-mmars.ts';

/** Beside the MMAR, so that putting away and taking back are renames on one disk, whatever its size. */
export const KEPT_FOLDER = '.outerloop-trash';

/** How long what was put away waits before it goes to the system's trash. */
export const UNDO_MS = 30_000;

/** Puts MMARs away so that it can be undone, then hands them to the system's trash. */
export class Removals {
  readonly #known: KnownMmars;
  readonly #desktop: Pick<Desktop, 'abilities' | 'trash'>;
  readonly #clock: Clock;
  readonly #timers = new Map<string, () => void>();

  constructor(known: KnownMmars, desktop: Pick<Desktop, 'abilities' | 'trash'>, clock: Clock) {
    this.#known = known;
    this.#desktop = desktop;
    this.#clock = clock;
  }

  /** Where the system has no trash, what was put away stays in `.outerloop-trash` beside where it was. */
  get trash(): 'system' | 'kept' {
    return this.#desktop.abilities.trash ? 'system' : 'kept';
  }

  async remove(mmar: MmarId): Promise<Removal> {
    const folder = this.#known.folderOf(mmar);
    const name = basename(folder);
    const place = join(dirname(folder), KEPT_FOLDER, `${name}-${randomBytes(4).toString('hex')}`);
    await withFileFaults(name, async () => {
      await mkdir(dirname(place), { recursive: true });
      await rename(folder, place);
    });
    const removal = this.#known.putAway(mmar, place);
    if (this.trash === 'system')
      this.#timers.set(
        removal.removal,
        this.#clock.after(UNDO_MS, () => void this.#finish(removal)),
      );
    return removal;
  }

  /** Takes back what was put away. Throws a FaultError when it is in the trash by now, or its place is taken. */
  async restore(id: string): Promise<MmarId> {
    const removal = this.#known.removals().find((other) => other.removal === id);
    if (removal === undefined || !(await isFolder(removal.kept))) {
      throw new FaultError({
        code: 'file-missing',
        message: 'It is not waiting any more.',
        allowed: "the system's trash, to bring it back from there",
      });
    }
    const { folder } = removal.known;
    const name = basename(folder);
    if (await isFolder(folder))
      throw new FaultError({ code: 'already-exists', file: name, message: 'Its place is taken by now.' });
    this.#timers.get(id)?.();
    await withFileFaults(name, () => rename(removal.kept, folder));
    this.#known.takeBack(id);
    await removeIfEmpty(dirname(removal.kept));
    return removal.known.mmar;
  }

  /** Hands over what still waits: at the end of the program, and what a program that was killed has left. */
  async finishAll(): Promise<void> {
    if (this.trash === 'kept') return;
    for (const removal of this.#known.removals()) await this.#finish(removal);
  }

  async #finish(removal: Removal): Promise<void> {
    this.#timers.get(removal.removal)?.();
    this.#timers.delete(removal.removal);
    try {
      if (await isFolder(removal.kept)) await this.#desktop.trash(removal.kept);
      this.#known.dropRemoval(removal.removal);
      await removeIfEmpty(dirname(removal.kept));
    } catch (error) {
      // A trash that refuses loses nothing: the next start tries again.
      if (!(error instanceof FaultError)) throw error;
    }
  }
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(() => undefined);
}
