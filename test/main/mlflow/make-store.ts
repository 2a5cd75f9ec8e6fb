import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  openTrackingStore,
  type TrackingStore,
  type TrackingStoreOptions,
} from '../../../main/mlflow/store/tracking-store.ts';

/** A folder that is gone when the test is over. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'outerloop-tracking-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A store of its own for a test. Its clock stands at 1,000,000 unless another is given. */
export function makeStore(options: TrackingStoreOptions = {}, folder = makeFolder()): TrackingStore {
  const store = openTrackingStore(folder, { now: () => 1_000_000, ...options });
  onTestFinished(() => store.close());
  return store;
}
