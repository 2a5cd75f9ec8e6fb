import { rm } from 'node:fs/promises';
import type { filesApi } from '../../common/api/files.ts';
import type { MmarId } from '../../common/api/ids.ts';
import type { Handlers } from '../../common/rpc/contract.ts';
import { listBaselines, readBaseline } from '../mmar-files/baselines.ts';
import { DraftStore } from '../mmar-files/draft-store.ts';
import { listFolder } from '../mmar-files/list-folder.ts';
import { locateFile } from '../mmar-files/locate-file.ts';
import { readTextFile, writeTextFile } from '../mmar-files/text-file.ts';
import { watchFiles } from '../mmar-files/watch-files.ts';
import { withFileFaults } from '../node/file-fault.ts';
import type { Clock } from '../ports/clock.ts';
import type { Desktop } from '../ports/desktop.ts';

export interface FilesServiceParts {
  /** Absolute path of an MMAR. Throws a FaultError for one that is not known. */
  readonly folderOf: (mmar: MmarId) => string;
  /** Absolute path of the folder for unsaved texts. */
  readonly draftsFolder: string;
  readonly desktop: Pick<Desktop, 'abilities' | 'trash'>;
  readonly clock: Clock;
}

/** Reads and writes the text files of MMARs, for the editor. */
export function createFilesService(parts: FilesServiceParts): Handlers<typeof filesApi> {
  const { folderOf, desktop, clock } = parts;
  const drafts = new DraftStore(parts.draftsFolder);
  return {
    list: async ({ mmar, folder }) => listFolder(folderOf(mmar), folder),
    read: async ({ mmar, path }) => readTextFile(folderOf(mmar), path),
    write: async ({ mmar, path, text, expected }) => writeTextFile(folderOf(mmar), path, text, expected),
    remove: async ({ mmar, path, isFinal }) => {
      await removeFile(folderOf(mmar), path, isFinal, desktop);
      return {};
    },
    watch: ({ mmar, paths }, { signal }) => watchFiles(folderOf(mmar), paths, clock, signal),
    drafts: async ({ mmar }) => drafts.list(mmar),
    keepDraft: async ({ mmar, path, text, basedOn }) => {
      const keptAt = new Date(clock.now()).toISOString();
      await drafts.keep(mmar, { path, text, basedOn, keptAt });
      return { keptAt };
    },
    dropDraft: async ({ mmar, path }) => {
      await drafts.drop(mmar, path);
      return {};
    },
    baselines: async ({ mmar, path }) => listBaselines(folderOf(mmar), path),
    readBaseline: async ({ mmar, path, id }) => ({ text: await readBaseline(folderOf(mmar), path, id) }),
  };
}

async function removeFile(
  root: string,
  path: string,
  isFinal: boolean,
  { abilities, trash }: FilesServiceParts['desktop'],
): Promise<void> {
  await withFileFaults(path, async () => {
    const file = await locateFile(root, path);
    if (isFinal && !abilities.trash) await rm(file);
    else await trash(file);
  });
}
