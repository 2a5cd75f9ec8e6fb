import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { draft, type Draft } from '../../common/api/files.ts';
import { withFileFaults } from '../node/file-fault.ts';
import { writeAtomic } from '../node/write-atomic.ts';

/** Only the user: a data list may name patients. */
const OWN_FOLDER = 0o700;
const OWN_FILE = 0o600;

/** Keeps unsaved texts, a file each, in the user's own folder and never in the MMAR. */
export class DraftStore {
  readonly #folder: string;

  /** @param folder absolute path; made when it is needed */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** All drafts of an MMAR, oldest first. One that cannot be read is passed over. */
  async list(mmar: string): Promise<Draft[]> {
    const folder = this.#folderOf(mmar);
    const names = await readdir(folder).catch(() => []);
    const drafts = await Promise.all(names.filter(isDraft).map((name) => readDraft(join(folder, name))));
    return drafts.filter((found) => found !== undefined).sort((a, b) => (a.keptAt < b.keptAt ? -1 : 1));
  }

  /** Keeps a text in place of an earlier one of that path. Durable when it returns. */
  async keep(mmar: string, kept: Draft): Promise<void> {
    const folder = this.#folderOf(mmar);
    await withFileFaults('the draft', async () => {
      await mkdir(folder, { recursive: true, mode: OWN_FOLDER });
      await writeAtomic(join(folder, fileOf(kept.path)), JSON.stringify(kept), OWN_FILE);
    });
  }

  async drop(mmar: string, path: string): Promise<void> {
    await withFileFaults('the draft', () => rm(join(this.#folderOf(mmar), fileOf(path)), { force: true }));
  }

  #folderOf(mmar: string): string {
    return join(this.#folder, hash(mmar));
  }
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
const fileOf = (path: string): string => `${hash(path)}.json`;
const isDraft = (name: string): boolean => /^[0-9a-f]{32}\.json$/.test(name);

async function readDraft(file: string): Promise<Draft | undefined> {
  try {
    return draft.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}
