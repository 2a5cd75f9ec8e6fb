import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { FaultError } from '../../../common/fault.ts';
import { withFileFaults } from '../../node/file-fault.ts';
import { putInPlace } from '../put-in-place.ts';
import { refuseExisting } from '../refuse-existing.ts';
import { archiveLimits, UnpackedBytes, type ArchiveLimits } from './limits.ts';
import { MANIFEST_FILE, parseManifest, type ArchiveManifest, type PackedFile } from './manifest.ts';
import { listEntries, openArchive, readEntry } from './read-archive.ts';
import { compareWithManifest } from './verify-content.ts';

export interface UnpackRequest {
  /** Absolute path of the packed MMAR. */
  readonly file: string;
  /** Absolute path of the MMAR to be; it must not exist, or be empty. */
  readonly folder: string;
  readonly limits?: ArchiveLimits;
}

/** What was unpacked. */
export interface UnpackedMmar {
  readonly folder: string;
  readonly files: readonly PackedFile[];
  /** Undefined for an archive of another program, which lists nothing to compare with. */
  readonly manifest?: ArchiveManifest;
}

/**
 * Unpacks an MMAR: one that {@link packMmar} made, or a zip archive of another program. Every name is checked before
 * anything is written; sizes are counted while they grow; with a manifest every file is compared with it. The folder
 * appears complete or not at all, nothing in it can be executed, and its code runs only when somebody trusts it.
 *
 * @throws FaultError `archive` for whatever is wrong with it, `already-exists`, and for a disk that is full or read-only
 */
export async function unpackMmar(request: UnpackRequest): Promise<UnpackedMmar> {
  const { file, folder, limits = archiveLimits } = request;
  await refuseExisting(folder);
  const zip = await openArchive(file);
  const draft = join(dirname(folder), `.${basename(folder)}.${randomUUID()}.new`);
  try {
    const entries = await listEntries(zip, limits);
    const manifest = await readManifest(zip, entries, limits);
    await withFileFaults(basename(folder), () => mkdir(draft, { recursive: true }));
    const bytes = new UnpackedBytes(limits);
    const files = await extractAll(zip, entries, draft, bytes);
    if (manifest !== undefined) compareWithManifest(manifest, files);
    await withFileFaults(basename(folder), async () => {
      await putInPlace(draft, folder);
    });
    return { folder, files, ...(manifest === undefined ? {} : { manifest }) };
  } finally {
    zip.close();
    await rm(draft, { recursive: true, force: true });
  }
}

type NamedEntries = ReadonlyMap<string, Entry>;

async function readManifest(
  zip: ZipFile,
  entries: NamedEntries,
  limits: ArchiveLimits,
): Promise<ArchiveManifest | undefined> {
  const entry = entries.get(MANIFEST_FILE);
  if (entry === undefined) return undefined;
  const count = new UnpackedBytes(limits).ofFile(MANIFEST_FILE, entry.compressedSize);
  const chunks: Buffer[] = [];
  await readEntry(zip, entry, async (stream) => {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      count(chunk.length);
      chunks.push(chunk);
    }
  });
  return parseManifest(Buffer.concat(chunks).toString('utf8'));
}

async function extractAll(
  zip: ZipFile,
  entries: NamedEntries,
  folder: string,
  bytes: UnpackedBytes,
): Promise<readonly PackedFile[]> {
  const files: PackedFile[] = [];
  for (const [path, entry] of entries) {
    if (path === MANIFEST_FILE) continue;
    files.push({
      path,
      ...(await extract(zip, entry, join(folder, path), bytes.ofFile(path, entry.compressedSize))),
    });
  }
  return files;
}

/** Writes one file; `wx` never follows a link that somebody else has put there. */
async function extract(
  zip: ZipFile,
  entry: Entry,
  file: string,
  count: (bytes: number) => void,
): Promise<Omit<PackedFile, 'path'>> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  let crc = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        count(chunk.length);
        hash.update(chunk);
        crc = crc32(chunk, crc);
        sizeBytes += chunk.length;
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
  await withFileFaults(entry.fileName, async () => {
    await mkdir(dirname(file), { recursive: true });
    await readEntry(zip, entry, (stream) =>
      pipeline(stream, measure, createWriteStream(file, { flags: 'wx', mode: 0o644 })),
    );
    await sync(file);
    if (crc !== entry.crc32) throw damaged(entry.fileName);
  });
  return { sizeBytes, sha256: hash.digest('hex') };
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

function damaged(name: string): FaultError {
  return new FaultError({
    code: 'archive',
    message: `The archive is damaged or not what it says. ${JSON.stringify(name)} has another checksum.`,
  });
}
