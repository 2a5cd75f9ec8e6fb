import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Fault } from '../../../../common/fault.ts';

const made: string[] = [];

/** A small MMAR, `mmar`, in a folder of its own. @param files further ones, or others instead */
export function makeArchivedMmar(files: Readonly<Record<string, string | Buffer>> = {}): {
  readonly root: string;
  readonly folder: string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'outerloop-archive-'));
  made.push(folder);
  const root = join(folder, 'mmar');
  writeFiles(root, {
    'config/config_train.json': '{"epochs": 3}',
    'config/environment.json': '{"DATA_ROOT": "data", "OUTPUT_CHANNELS": 2}',
    'commands/train.sh': 'echo\n',
    ...files,
  });
  return { root, folder };
}

export function writeFiles(root: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

export function removeArchived(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export async function faultsOf(promise: Promise<unknown>): Promise<readonly Fault[]> {
  const error = await promise.then(
    () => new Error('it worked'),
    (caught: Error & { faults?: readonly Fault[] }) => caught,
  );
  if (!('faults' in error)) throw error;
  return error.faults!;
}
