import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { threadId } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { FaultError, type FaultCode } from '../../common/fault.ts';
import { checkWritePlace } from '../files/write-places.ts';
import { encodeNifti, type NiftiSource } from '../../common/imaging/nifti-encode.ts';

const FULL_DISK = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/**
 * Writes a NIfTI-1 file, compressed when its name ends in .gz; folders are made. The file appears whole or not at all: it is
 * written under another name beside its place and then renamed.
 *
 * Faults: `file-unwritable`, `disk-full`, `path-not-allowed`.
 */
export function writeImage(file: string, image: NiftiSource): void {
  checkWritePlace(file);
  const bytes = encodeNifti(image);
  const content = file.toLowerCase().endsWith('.gz') ? gzipSync(bytes, { level: 6 }) : bytes;
  const unfinished = `${file}.${process.pid}-${threadId}.part`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(unfinished, content);
    renameSync(unfinished, file);
  } catch (error) {
    removeQuietly(unfinished);
    const reason = (error as NodeJS.ErrnoException).code ?? '';
    const code: FaultCode = FULL_DISK.includes(reason) ? 'disk-full' : 'file-unwritable';
    throw new FaultError({ code, file, message: `The image cannot be written (${reason}).` });
  }
}

/** What went wrong before matters more than that the rest cannot be removed either. */
function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    return;
  }
}
