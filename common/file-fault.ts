import { FaultError, type Fault, type FaultCode } from './fault.ts';

const codes: Readonly<Record<string, readonly [FaultCode, string]>> = {
  ENOSPC: ['disk-full', 'The disk is full.'],
  EDQUOT: ['disk-full', "The user's share of the disk is used up."],
  EFBIG: ['disk-full', 'The file is larger than the file system allows.'],
  EROFS: ['file-unwritable', 'The disk is read-only.'],
  EACCES: ['file-unwritable', 'The user may not write here.'],
  EPERM: ['file-unwritable', 'The user may not write here.'],
  ENOTDIR: ['file-unwritable', 'A file stands where a folder is needed.'],
  EISDIR: ['file-unwritable', 'A folder stands where a file is needed.'],
  EEXIST: ['already-exists', 'It exists already.'],
  ENOTEMPTY: ['already-exists', 'The folder exists already and is not empty.'],
  ENOENT: ['file-missing', 'It does not exist.'],
  EMFILE: ['file-unreadable', 'Too many files are open.'],
  EIO: ['file-unreadable', 'The disk reports an error.'],
};

/** The fault that a failed file operation means; undefined for an error that is none. */
export function findFileFault(error: unknown, file: string): Fault | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const known = typeof code === 'string' ? codes[code] : undefined;
  return known === undefined ? undefined : { code: known[0], message: known[1], file };
}

/** The error itself, or the {@link FaultError} that names `file` when it is the failure of a file operation. */
export function asFileFault(error: unknown, file: string): unknown {
  const fault = findFileFault(error, file);
  return fault === undefined ? error : new FaultError(fault);
}
