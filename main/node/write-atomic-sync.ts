import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { asFileFault } from '../../common/file-fault.ts';

/**
 * Replaces a small file in one step, readable by its owner only; its folder is made when it is missing.
 *
 * @throws FaultError that names the file, without its folder
 */
export function writeAtomicSync(file: string, content: string): void {
  const draft = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, content, { mode: 0o600, flush: true });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw asFileFault(error, basename(file));
  }
}
