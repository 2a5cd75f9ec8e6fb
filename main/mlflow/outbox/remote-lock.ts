import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { findStoreFault } from '../store/store-fault.ts';

/** Held as long as one process sends to a server. */
export interface RemoteLock {
  release(): void;
}

/**
 * Takes the right to send to one server: two that did it at once would make runs twice. The lock is the system's, on a file of
 * its own, so that it ends with the process, however that ends.
 *
 * @returns undefined when another process, or another part of this one, has it
 */
export function lockRemote(storeFolder: string, name: string): RemoteLock | undefined {
  const connection = new DatabaseSync(join(storeFolder, `outbox.${name}.lock`), { timeout: 0 });
  try {
    connection.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return { release: () => connection.close() };
  } catch (error) {
    connection.close();
    if (findStoreFault(error)?.code === 'store-locked') return undefined;
    throw error;
  }
}
