import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openFileSecrets } from '../../../main/node/file-secrets.ts';
import { describeSecretStore } from '../../contracts/secret-store.contract.ts';

describeSecretStore('a file', openFileSecrets);

it('says that a file is no protection', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outerloop-secrets-'));
  expect(openFileSecrets(folder).protection).toBe('unprotected');
  rmSync(folder, { recursive: true });
});
