import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { FaultError } from '../../../common/fault.ts';
import { findFileFault } from '../../../common/file-fault.ts';
import { checkEntryName, EntryNames } from './entry-rules.ts';
import { UnpackedBytes, type ArchiveLimits } from './limits.ts';
import { MANIFEST_FILE } from './manifest.ts';

/** The kind of file in the upper half of an entry's attributes, as Unix writes it; 0 where another system made it. */
const FILE_KIND = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
const MADE_ON_UNIX = 3;

/** @throws FaultError `archive` for a file that is no archive; the faults of a file that cannot be read */
export async function openArchive(file: string): Promise<ZipFile> {
  try {
    return await openPromise(file, {
      lazyEntries: true,
      autoClose: false,
      decodeStrings: true,
      strictFileNames: true,
      validateEntrySizes: true,
    });
  } catch (error) {
    const fault = findFileFault(error, basename(file));
    if (fault !== undefined) throw new FaultError(fault);
    throw new FaultError({
      code: 'archive',
      file: basename(file),
      message: `This is no archive that can be read: ${messageOf(error)}.`,
      allowed: 'an .mmar file, or a zip archive of an MMAR',
    });
  }
}

/**
 * The files of an archive by the path that they get: folders are left out, and one folder that holds everything is taken
 * away, as archives of other programs have it. All names are checked.
 *
 * @throws FaultError `archive` with everything that is wrong
 */
export async function listEntries(zip: ZipFile, limits: ArchiveLimits): Promise<ReadonlyMap<string, Entry>> {
  new UnpackedBytes(limits).checkCount(zip.entryCount);
  const entries: Entry[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      new UnpackedBytes(limits).checkCount(entries.length + 1);
      if (isFile(entry)) entries.push(entry);
    }
  } catch (error) {
    throw asArchiveFault(error);
  }
  const faults = entries
    .map(({ fileName }) => checkEntryName(fileName))
    .filter((fault) => fault !== undefined);
  if (faults.length > 0) throw new FaultError(...faults);
  return placeEntries(entries);
}

/** Gives the bytes of an entry to `take`. @throws FaultError `archive` when they are damaged or more than it says */
export async function readEntry(
  zip: ZipFile,
  entry: Entry,
  take: (stream: Readable) => Promise<void>,
): Promise<void> {
  try {
    await take(await zip.openReadStreamPromise(entry));
  } catch (error) {
    if (error instanceof FaultError || findFileFault(error, entry.fileName) !== undefined) throw error;
    throw asArchiveFault(error, entry.fileName);
  }
}

function isFile(entry: Entry): boolean {
  const { fileName } = entry;
  const isUnix = entry.versionMadeBy >> 8 === MADE_ON_UNIX;
  const kind = isUnix ? (entry.externalFileAttributes >>> 16) & FILE_KIND : 0;
  if (fileName.endsWith('/')) {
    const fault = checkEntryName(fileName.slice(0, -1));
    if (fault !== undefined) throw new FaultError(fault);
    return false;
  }
  if (kind !== 0 && kind !== REGULAR)
    throw refused(
      fileName,
      kind === FOLDER ? 'is a folder with the name of a file' : 'is a link or a device',
    );
  if (entry.isEncrypted()) throw refused(fileName, 'is encrypted');
  if (!entry.canDecodeFileData()) throw refused(fileName, 'is compressed in a way that is not known');
  return true;
}

function placeEntries(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  const prefix = findPrefix(entries.map(({ fileName }) => fileName));
  const names = new EntryNames();
  const placed = new Map<string, Entry>();
  for (const entry of entries) {
    const path = entry.fileName.slice(prefix.length);
    const fault = names.add(path);
    if (fault !== undefined) throw new FaultError(fault);
    placed.set(path, entry);
  }
  if ([...placed.keys()].some((path) => /^config\/[^/]+\.json$/.test(path))) return placed;
  throw new FaultError({
    code: 'archive',
    message: 'The archive holds no MMAR.',
    allowed: 'config/ with JSON files, at the top or in one folder that holds everything',
  });
}

/** The one folder that holds everything; empty where there is none, and where config/ or the manifest stand at the top. */
function findPrefix(names: readonly string[]): string {
  const isAtTop = names.some((name) => name === MANIFEST_FILE || name.startsWith('config/'));
  const tops = new Set(names.map((name) => name.slice(0, name.indexOf('/') + 1)));
  return isAtTop || tops.size !== 1 ? '' : [...tops][0]!;
}

function asArchiveFault(error: unknown, entry?: string): unknown {
  if (error instanceof FaultError) return error;
  const where = entry === undefined ? '' : ` ${JSON.stringify(entry)} cannot be unpacked:`;
  return new FaultError({
    code: 'archive',
    message: `The archive is damaged or not what it says.${where} ${messageOf(error)}.`,
  });
}

function refused(name: string, problem: string): FaultError {
  return new FaultError({
    code: 'archive',
    message: `The archive's entry ${JSON.stringify(name)} ${problem}.`,
    allowed: 'files, stored or deflated',
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}
