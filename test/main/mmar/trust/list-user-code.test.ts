import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listUserCode } from '../../../../main/mmar/trust/list-user-code.ts';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'user-code-'))));
afterEach(() => rmSync(root, { recursive: true }));

function write(...files: readonly string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), file);
  }
}
const list = async (): Promise<readonly string[]> => (await listUserCode(root)).map(({ path }) => path);

it('leaves the runs of searches out, which hold the code again', async () => {
  write('commands/own.sh', 'tools/help.py', 'automl/run1/journal.jsonl', 'automl/run1/W1_1_J1/tools/help.py');
  expect(await list()).toEqual(['commands/own.sh', 'tools/help.py']);
});

it('takes no folder of the MMAR itself for a run, whatever lies in it', async () => {
  write('commands/own.sh', 'resources/help.sh', 'resources/deep/more.sh', 'tool.py');
  const all = ['commands/own.sh', 'resources/deep/more.sh', 'resources/help.sh', 'tool.py'];
  write('journal.jsonl', 'resources/journal.jsonl', 'resources/deep/journal.jsonl');
  expect(await list()).toEqual(all);
});
