import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { artifactPathOf } from '../../../../main/mlflow/artifacts/artifact-path.ts';
import type { UploadBody } from '../../../../main/mlflow/client/http-transport.ts';
import { listLocalFiles, listLocalRuns } from '../../../../main/mlflow/outbox/local-runs.ts';
import { sendRun } from '../../../../main/mlflow/outbox/send-run.ts';
import type { SendingParts } from '../../../../main/mlflow/outbox/sending-parts.ts';
import { AllowList, DEFAULT_POLICY } from '../../../../main/mlflow/redact/allow-list.ts';
import { openTrackingStore } from '../../../../main/mlflow/store/tracking-store.ts';
import { fillRun } from './fill-store.ts';

it('sends the text that was looked through, also when the file is another one by then', async () => {
  const root = mkdtempSync(join(tmpdir(), 'outerloop-send-'));
  const store = openTrackingStore(root);
  try {
    fillRun(store, store.experiments.create({ name: 'lungs', tags: [] }), { name: 'a', status: 'FINISHED' });
    const local = listLocalRuns(store)[0]!;
    const config = store.artifacts.resolve(
      `${artifactPathOf(local.run.info.artifact_uri)!}/config_train.json`,
    );
    const sent = new Map<string, string>();
    const nothing = async (): Promise<void> => undefined;
    const parts = {
      store,
      allowList: new AllowList(DEFAULT_POLICY, { names: [] }),
      client: {
        logBatch: nothing,
        logInputs: nothing,
        updateRun: nothing,
        uploadArtifact: async (_uri: string, path: string, body: UploadBody) => {
          writeFileSync(config, '{"data": "/home/mueller/DOE^JANE"}');
          const content = await buffer(body.open());
          expect(content.length).toBe(body.sizeBytes);
          sent.set(path, content.toString());
        },
      },
      ledger: {
        get: () => ({ told: null, place: 0, points: 0 }),
        change: () => undefined,
        keepHeldBack: () => undefined,
        artifactDigest: () => undefined,
        keepArtifact: () => undefined,
      },
      place: { openRun: async () => ({ runId: 'r', artifactUri: 'mlflow-artifacts:/1/r/artifacts' }) },
      digests: { digest: async () => 'a digest' },
    } as unknown as SendingParts;
    expect(await sendRun(parts, local, undefined)).toBe(true);
    expect(sent.get('config_train.json')).toBe('{"epochs": 3}');
    expect([...sent.keys()]).not.toContain('config_automl.json');
  } finally {
    store.close();
    rmSync(root, { recursive: true, force: true });
  }
});

it.each(['mlflow-artifacts:/../..', 'mlflow-artifacts:/%2e%2e/x', 'mlflow-artifacts:/', '/etc'])(
  'finds no files where a run says that they are at %s',
  async (artifact_uri) => {
    const root = mkdtempSync(join(tmpdir(), 'outerloop-send-'));
    const store = openTrackingStore(root);
    try {
      fillRun(store, store.experiments.create({ name: 'lungs', tags: [] }), {
        name: 'a',
        status: 'FINISHED',
      });
      const { run } = listLocalRuns(store)[0]!;
      expect(await listLocalFiles(store, run)).not.toEqual([]);
      expect(await listLocalFiles(store, { ...run, info: { ...run.info, artifact_uri } })).toEqual([]);
    } finally {
      store.close();
      rmSync(root, { recursive: true, force: true });
    }
  },
);
