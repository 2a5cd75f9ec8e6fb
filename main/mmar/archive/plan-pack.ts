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
import { mayNameData, packText, type PackedText } from './packed-text.ts';
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
  /** How many logs stay here: they name folders of this machine. */
  readonly logsLeft: number;
  /** The texts that paths to data are taken out of, by path. */
  readonly packedTexts: ReadonlyMap<string, PackedText>;
}

/**
 * Lists what an archive of the MMAR would hold, and what in it looks as if it identified a person.
 *
 * @throws FaultError `archive` for files that cannot go into one
 */
export async function planPack(mmarRoot: string, choice: ContentChoice = {}): Promise<PackPlan> {
  const {
    files: content,
    imagesLeft,
    logsLeft,
  } = await withFileFaults(basename(mmarRoot), () => listContent(mmarRoot, choice));
  refuseContent(content);
  const packedTexts = await packTexts(mmarRoot, content);
  const files = await hashContent(mmarRoot, content);
  const replacedContent = [...packedTexts].map(([path, { text }]) => [path, text] as const);
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
    logsLeft,
    packedTexts,
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

async function packTexts(
  mmarRoot: string,
  files: readonly ContentFile[],
): Promise<ReadonlyMap<string, PackedText>> {
  const packed = new Map<string, PackedText>();
  for (const { path } of files.filter((file) => mayNameData(file.path))) {
    const text = await withFileFaults(path, () => readFile(join(mmarRoot, path), 'utf8'));
    const found = packText(path, text, mmarRoot);
    if (found !== undefined) packed.set(path, found);
  }
  return packed;
}
