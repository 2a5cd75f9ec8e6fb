import { mkdtemp, copyFile, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { DataSource } from '../../common/api/library.ts';
import { makeDataList } from '../mmar/make-data-list.ts';
import { newMmar } from '../mmar/new-mmar.ts';
import { withFileFaults } from '../node/file-fault.ts';
import { writeAtomic } from '../node/write-atomic.ts';

/** Where a list that was made for an MMAR stands in it: folders with patients' data stay as they are. */
const OWN_LIST = 'config/dataset_0.json';
const ENVIRONMENT = 'config/environment.json';

/**
 * Makes an MMAR from a template, fitted to the data. For folders of images and labels a data list is made too, and put
 * into the MMAR.
 *
 * @param folder absolute path of the MMAR to be
 */
export async function createFromSource(template: string, folder: string, source: DataSource): Promise<void> {
  if (source.kind === 'none') await newMmar({ template, folder });
  else if (source.kind === 'list') await newMmar({ template, folder, datalist: source.file });
  else await createFromFolders(template, folder, source);
}

async function createFromFolders(
  template: string,
  folder: string,
  source: DataSource & { readonly kind: 'folders' },
): Promise<void> {
  const draft = await mkdtemp(join(tmpdir(), 'outerloop-list-'));
  try {
    const datalist = join(draft, basename(OWN_LIST));
    const { folder: dataRoot, images, labels, validation, seed } = source;
    await makeDataList({
      folder: dataRoot,
      file: datalist,
      validation,
      seed,
      ...(images === undefined ? {} : { images }),
      ...(labels === undefined ? {} : { labels }),
    });
    await newMmar({ template, folder, datalist, dataRoot });
    await moveListInto(folder, datalist);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function moveListInto(folder: string, datalist: string): Promise<void> {
  try {
    await withFileFaults(basename(folder), async () => {
      await copyFile(datalist, join(folder, OWN_LIST));
      const file = join(folder, ENVIRONMENT);
      const environment = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
      await writeAtomic(file, `${JSON.stringify({ ...environment, DATASET_JSON: OWN_LIST }, null, 2)}\n`);
    });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
