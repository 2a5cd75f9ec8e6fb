import { execFile } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { listCode } from '../../../main/user-code/list-code.ts';
import { listUserCode } from '../../../trainer/user-code/list-user-code.ts';
import { importGateContract } from '../../contracts/import-gate.contract.ts';
import { makeArchivedMmar, removeArchived } from '../../main/mmar/archive/archived-mmar.ts';

afterEach(removeArchived);

// in a process of its own: the test runner imports modules in a way of its own
importGateContract('the trainer', async (root) => {
  const program = join(import.meta.dirname, 'programs/run-own-code.ts');
  await promisify(execFile)(process.execPath, [program, root]);
});

describe('the code of an MMAR', () => {
  it('has the same digest and modules for the trainer as for the program that starts it', async () => {
    const { root, folder } = makeArchivedMmar({
      'custom/b.ts': 'two',
      'custom/B.ts': 'three',
      'custom/a/ü.js': 'one',
      'custom/table.csv': '1,2',
    });
    symlinkSync(join(root, 'config/config_train.json'), join(root, 'custom/link.json'));
    symlinkSync(folder, join(root, 'custom/folder'));
    const listed = listUserCode(root);
    expect(listed).toEqual(await listCode(root));
    expect(Object.keys(listed.modules)).toHaveLength(4);
  });
});
