import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, lstat, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TextFile } from '../../common/api/files.ts';
import { FaultError } from '../../common/fault.ts';
import { withFileFaults } from '../node/file-fault.ts';
import { writeAtomic } from '../node/write-atomic.ts';
import { locateFile } from './locate-file.ts';

/** Larger files are not opened as text: configs are a thousandth of this. */
export const MAX_TEXT_BYTES = 4 * 1024 * 1024;

/**
 * Reads a text file of an MMAR.
 *
 * @throws FaultError file-missing, file-unreadable, file-too-large, file-not-text, path-not-allowed
 */
export async function readTextFile(root: string, path: string): Promise<TextFile> {
  return withFileFaults(path, async () => {
    const file = await locateFile(root, path);
    const bytes = await readBytes(file, path);
    return { text: decode(bytes, path), digest: digestOf(bytes), isWritable: await isWritable(file) };
  });
}

/**
 * Replaces a text file of an MMAR, or makes it, in one step. Its permissions stay.
 *
 * @param expected digest of what is replaced; null where no file is
 * @throws FaultError file-changed, file-unwritable, disk-full, path-not-allowed
 */
export async function writeTextFile(
  root: string,
  path: string,
  text: string,
  expected: string | null,
): Promise<{ readonly digest: string }> {
  return withFileFaults(path, async () => {
    const file = await locateFile(root, path);
    const bytes = Buffer.from(text, 'utf8');
    if (bytes.length > MAX_TEXT_BYTES) throw tooLarge(path, bytes.length);
    const current = await findDigest(file, path);
    if (current !== expected) throw changed(path, current);
    if (current === null) await mkdir(dirname(file), { recursive: true });
    // The file is replaced by another one, so that its own permission to be written has to be asked for.
    else await access(file, constants.W_OK);
    const mode = current === null ? undefined : (await stat(file)).mode & 0o7777;
    await writeAtomic(file, bytes, mode);
    return { digest: digestOf(bytes) };
  });
}

/** SHA-256 of a file's bytes, hexadecimal; null where no file is. */
async function findDigest(file: string, path: string): Promise<string | null> {
  const found = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return found === undefined ? null : digestOf(await readBytes(file, path));
}

export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function readBytes(file: string, path: string): Promise<Uint8Array> {
  // A pipe would keep its opener waiting.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EACCES' && error.code !== 'EPERM') throw error;
      const message = 'The user may not read the file.';
      throw new FaultError({ code: 'file-unreadable', file: path, message });
    },
  );
  try {
    const found = await handle.stat();
    if (!found.isFile())
      throw new FaultError({ code: 'file-not-text', file: path, message: 'This is no file.' });
    if (found.size > MAX_TEXT_BYTES) throw tooLarge(path, found.size);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function decode(bytes: Uint8Array, path: string): string {
  const notText = (message: string): FaultError =>
    new FaultError({ code: 'file-not-text', file: path, message, allowed: 'text in UTF-8' });
  if (bytes.includes(0)) throw notText('The file holds bytes that no text has.');
  try {
    // The mark at the beginning is kept: it belongs to what is written back.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw notText('The text is not in UTF-8.');
  }
}

async function isWritable(file: string): Promise<boolean> {
  return Promise.all([access(file, constants.W_OK), access(dirname(file), constants.W_OK)]).then(
    () => true,
    () => false,
  );
}

function tooLarge(path: string, sizeBytes: number): FaultError {
  const mebibytes = (bytes: number): string => `${Math.ceil((bytes / 1024 / 1024) * 10) / 10} MiB`;
  return new FaultError({
    code: 'file-too-large',
    file: path,
    message: `The file has ${mebibytes(sizeBytes)}.`,
    allowed: `text of up to ${mebibytes(MAX_TEXT_BYTES)}`,
  });
}

function changed(path: string, current: string | null): FaultError {
  const message =
    current === null
      ? 'The file was deleted since it was opened.'
      : 'The file was changed by another program since it was opened.';
  return new FaultError({ code: 'file-changed', file: path, message });
}
