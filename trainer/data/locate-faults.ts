import { basename, isAbsolute, relative, sep } from 'node:path';
import { FaultError, type Fault } from '../../common/fault.ts';

/**
 * The same error with files named relative to the data root (with `/`), so that messages carry no absolute path; of a file
 * outside of it only the name is left. Errors that are no {@link FaultError} come back as they are.
 */
export function locateFaults(error: unknown, dataRoot: string): unknown {
  if (!(error instanceof FaultError)) return error;
  return new FaultError(...error.faults.map((fault) => locateFault(fault, dataRoot)));
}

function locateFault(fault: Fault, dataRoot: string): Fault {
  if (fault.file === undefined || !isAbsolute(fault.file)) return fault;
  return { ...fault, file: describeFile(fault.file, dataRoot) };
}

/** A file as messages name it. */
export function describeFile(file: string, dataRoot: string): string {
  const inside = relative(dataRoot, file);
  const isOutside = inside === '' || inside.startsWith('..') || isAbsolute(inside);
  return isOutside ? basename(file) : inside.split(sep).join('/');
}

/** Does some work; files in its faults are named relative to the data root. */
export function locatingFaults<T>(dataRoot: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw locateFaults(error, dataRoot);
  }
}
