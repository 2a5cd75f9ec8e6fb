import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** An empty folder that goes away after the tests of the file. */
export function makeScratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'outerloop-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
