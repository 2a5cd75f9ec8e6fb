import { FaultError, type Fault } from '../../../common/fault.ts';

/** The database's file within a store's folder. Faults name it without its place, as they may leave the machine. */
export const DATABASE_FILE = 'mlflow.db';

/** SQLite's primary result codes that mean something to a user. The higher bits of a code only tell the variant. */
const FAULTS: Readonly<Record<number, Fault>> = {
  5: { code: 'store-locked', message: 'Another program has locked the tracking database.' },
  6: { code: 'store-locked', message: 'Another program has locked the tracking database.' },
  8: { code: 'store-read-only', message: 'The tracking database may not be written.' },
  10: { code: 'file-unreadable', message: 'The disk reports an error.' },
  11: { code: 'store-damaged', message: 'The tracking database is damaged.' },
  13: { code: 'disk-full', message: 'The disk is full.' },
  14: { code: 'file-unreadable', message: 'The tracking database cannot be opened.' },
  26: { code: 'store-damaged', message: 'The file is no SQLite database.' },
};
const CONSTRAINT = 19;

/** SQLite's primary result code of an error; undefined for an error of another kind. */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & 0xff;
}

/** The fault that a failed operation on the database means; undefined for an error that is none. */
export function findStoreFault(error: unknown, file = DATABASE_FILE): Fault | undefined {
  const code = sqliteCode(error);
  const fault = code === undefined ? undefined : FAULTS[code];
  return fault === undefined ? undefined : { ...fault, file };
}

/** The error itself, or the {@link FaultError} that it means. */
export function asStoreFault(error: unknown, file = DATABASE_FILE): unknown {
  const fault = findStoreFault(error, file);
  return fault === undefined ? error : new FaultError(fault);
}

/** Whether a row was refused because one with its key, or none with its reference, exists. */
export function isConstraintViolation(error: unknown): boolean {
  return sqliteCode(error) === CONSTRAINT;
}
