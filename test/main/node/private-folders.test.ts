import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeSample } from '../../../main/library/make-sample.ts';
import { openTrackingStore } from '../../../main/mlflow/store/tracking-store.ts';
import { openTrustStore } from '../../../main/mmar/trust/trust-store.ts';
import { openDefectLog } from '../../../main/node/defect-log.ts';

let parent: string;
beforeEach(() => (parent = mkdtempSync(join(tmpdir(), 'outerloop-private-'))));
afterEach(() => rmSync(parent, { recursive: true, force: true }));

// Windows keeps a user's own folders from others by where they are.
describe.skipIf(process.platform === 'win32')('the data folder, whoever makes it first,', () => {
  it.each<[string, (dataFolder: string) => unknown]>([
    ['the tracking store', (dataFolder) => openTrackingStore(join(dataFolder, 'mlflow')).close()],
    ['the log of defects', (dataFolder) => openDefectLog(dataFolder).record(new Error('x'), 'test')],
    ['the sample', (dataFolder) => makeSample(join(dataFolder, 'samples'))],
    [
      'the decisions about trust',
      (dataFolder) => openTrustStore(dataFolder).revoke(parent, { by: 'x', at: '2020-01-02T03:04:05.000Z' }),
    ],
  ])('is for its user alone: %s', async (_who, write) => {
    const dataFolder = join(parent, 'share', 'outerloop');
    await write(dataFolder);
    expect(statSync(dataFolder).mode & 0o077).toBe(0);
  });
});
