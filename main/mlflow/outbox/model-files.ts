import type { TrackingClient } from '../client/tracking-client.ts';
import type { AllowList, HeldBack } from '../redact/allow-list.ts';
import type { FileDigests } from './file-digests.ts';
import type { LocalFile } from './local-runs.ts';
import { describeKey } from './review-run.ts';
import type { RunLedger } from './run-ledger.ts';
import { prepareFile, type PreparedFile } from './send-file.ts';

interface ModelFileParts {
  readonly client: TrackingClient;
  readonly ledger: RunLedger;
  readonly allowList: AllowList;
  readonly digests: FileDigests;
}

/**
 * Looks through the files of a logged model, by their paths in it.
 *
 * @param owner id of the model
 * @param rewrite what its MLmodel is changed to
 */
export async function prepareModelFiles(
  { allowList, digests, ledger }: Omit<ModelFileParts, 'client'>,
  owner: string,
  files: readonly LocalFile[],
  rewrite: ((text: string) => string) | undefined,
): Promise<ReadonlyMap<string, PreparedFile>> {
  const found = new Map<string, PreparedFile>();
  for (const file of files) {
    const isKnown = (sha256: string): boolean => ledger.artifactDigest(owner, file.path) === sha256;
    const own = file.path === 'MLmodel' && rewrite !== undefined ? { rewrite } : {};
    const prepared = await prepareFile({ allowList, digests, isKnown, ...own }, file, `model/${file.path}`);
    if (prepared !== undefined) found.set(file.path, prepared);
  }
  return found;
}

/** Sends a file of a model that the server has not, from its path in the model to a path below a URI. */
export async function uploadModelFile(
  { client, ledger }: Pick<ModelFileParts, 'client' | 'ledger'>,
  owner: string,
  artifactUri: string,
  [path, pathThere]: readonly [string, string],
  file: PreparedFile,
): Promise<void> {
  if (!('upload' in file) || ledger.artifactDigest(owner, path) === file.sha256) return;
  await client.uploadArtifact(artifactUri, pathThere, file.upload);
  ledger.keepArtifact(owner, path, file.sha256);
}

/** The files that stay, or a part of which stays. */
export function heldFiles(
  files: ReadonlyMap<string, PreparedFile>,
  name: string,
  allowList: AllowList,
): readonly HeldBack[] {
  return [...files].flatMap(([path, { rule }]) =>
    rule === undefined
      ? []
      : [{ kind: 'model' as const, key: describeKey(`${name}/${path}`, allowList), rule }],
  );
}

/** An MLmodel file with the ids that the model has elsewhere. MLflow 2 knows no id of a model. */
export function renameModel(
  text: string,
  {
    modelId,
    runId,
    artifactUri,
  }: { readonly modelId: string | undefined; readonly runId: string; readonly artifactUri: string },
): string {
  const values: Readonly<Record<string, string | undefined>> = {
    artifact_path: artifactUri,
    model_id: modelId,
    model_uuid: modelId ?? runId,
    run_id: runId,
  };
  return text.replace(/^(artifact_path|model_id|model_uuid|run_id): .*\n?/gm, (line, key: string) =>
    values[key] === undefined ? '' : `${key}: ${values[key]}${line.endsWith('\n') ? '\n' : ''}`,
  );
}
