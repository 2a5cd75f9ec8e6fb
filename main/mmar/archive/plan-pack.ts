import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FaultError, type Fault } from '../../../common/fault.ts';
import { withFileFaults } from '../../node/file-fault.ts';
import { findIdentifying, type IdentifyingReport } from '../identifying/find-identifying.ts';
import { checkEntryName, EntryNames } from './entry-rules.ts';
import { hashContent } from './hash-content.ts';
import { archiveLimits, mostBytesOf } from './limits.ts';
import { listContent, type ContentChoice, type ContentFile } from './list-content.ts';
import { digestContent, MANIFEST_FILE, type PackedFile } from './manifest.ts';
import { ENVIRONMENT_FILE, packEnvironment, type PackedEnvironment } from './packed-environment.ts';
import { readVersions } from './versions.ts';

/** What would be packed. Nothing is written. */
export interface PackPlan extends IdentifyingReport {
  readonly mmarRoot: string;
  readonly files: readonly PackedFile[];
  readonly sizeBytes: number;
  readonly digest: string;
  /** The version that the content is, where it was stamped as it is now. */
  readonly version?: number;
  /** Medical images that stay here, since nobody has asked for them. */
  readonly imagesLeft: readonly string[];
  /** The environment as it is packed, when paths to data are taken out of it. */
  readonly environment?: PackedEnvironment;
}

/**
 * Lists what an archive of the MMAR would hold, and what in it looks as if it identified a person.
 *
 * @throws FaultError `archive` for files that cannot go into one
 */
export async function planPack(mmarRoot: string, choice: ContentChoice = {}): Promise<PackPlan> {
  const { files: content, imagesLeft } = await withFileFaults(basename(mmarRoot), () =>
    listContent(mmarRoot, choice),
  );
  refuseContent(content);
  const environment = await readEnvironment(mmarRoot, content);
  const files = await hashContent(mmarRoot, content);
  const replacedContent = environment === undefined ? [] : [[ENVIRONMENT_FILE, environment.text] as const];
  const paths = content.map(({ path }) => path);
  const report = await findIdentifying(mmarRoot, paths, new Map(replacedContent));
  const digest = digestContent(files);
  const version = (await readVersions(mmarRoot)).findLast((stamped) => stamped.digest === digest)?.version;
  return {
    ...report,
    mmarRoot,
    files,
    sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    digest,
    imagesLeft,
    ...(environment === undefined ? {} : { environment }),
    ...(version === undefined ? {} : { version }),
  };
}

function refuseContent(files: readonly ContentFile[]): void {
  const names = new EntryNames();
  const faults = files.flatMap(({ path, sizeBytes }): readonly (Fault | undefined)[] => [
    path === MANIFEST_FILE ? reserved(path) : undefined,
    checkEntryName(path),
    names.add(path),
    sizeBytes > mostBytesOf(path, archiveLimits) ? tooLarge(path) : undefined,
  ]);
  const found = faults.filter((fault) => fault !== undefined);
  if (files.length === 0) found.push({ code: 'archive', message: 'The folder holds nothing to pack.' });
  if (files.length >= archiveLimits.entries)
    found.push({
      code: 'archive',
      message: `The folder holds ${files.length} files.`,
      allowed: `fewer than ${archiveLimits.entries}`,
    });
  if (found.length > 0) throw new FaultError(...found);
}

const reserved = (file: string): Fault => ({
  code: 'archive',
  file,
  message: "An archive's own manifest has this name.",
  allowed: 'another name',
});

const tooLarge = (file: string): Fault => ({
  code: 'archive',
  file,
  message: 'The file is too large for a packed MMAR.',
});

async function readEnvironment(
  mmarRoot: string,
  files: readonly ContentFile[],
): Promise<PackedEnvironment | undefined> {
  if (!files.some(({ path }) => path === ENVIRONMENT_FILE)) return undefined;
  const text = await withFileFaults(ENVIRONMENT_FILE, () =>
    readFile(join(mmarRoot, ENVIRONMENT_FILE), 'utf8'),
  );
  return packEnvironment(text, mmarRoot);
}
