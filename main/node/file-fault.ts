import { asFileFault } from '../../common/file-fault.ts';

/** Runs a file operation; its expected failures become a FaultError that names `file`. */
export async function withFileFaults<T>(file: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw asFileFault(error, file);
  }
}
