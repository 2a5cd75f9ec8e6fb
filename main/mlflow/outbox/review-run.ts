import { createHash } from 'node:crypto';
import type { DatasetInput, Experiment, KeyValue } from '../../../common/mlflow/entities.ts';
import { OUTERLOOP_TAGS } from '../../../common/mlflow/outerloop-tags.ts';
import { MLFLOW_TAGS } from '../../../common/mlflow/tag-names.ts';
import type { AllowList, HeldBack, Verdict } from '../redact/allow-list.ts';
import type { LocalRun } from './local-runs.ts';

/** What of a run may go, apart from its points and files. */
export interface ReviewedRun {
  readonly name: string;
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  readonly inputs: readonly DatasetInput[];
  readonly held: readonly HeldBack[];
}

/**
 * Looks through a run: what may go, and what stays and why.
 *
 * @param remoteParentId id of the parent there, for a nested run
 */
export function reviewRun(
  { run }: LocalRun,
  remoteParentId: string | undefined,
  allowList: AllowList,
): ReviewedRun {
  const held: HeldBack[] = [];
  const keep = (kind: HeldBack['kind'], key: string, verdict: Verdict): boolean => {
    if (!verdict.ok) held.push({ kind, key: describeKey(key, allowList), rule: verdict.rule });
    return verdict.ok;
  };
  const { run_id: runId, run_name: localName } = run.info;
  const name = keep('name', 'run name', allowList.judgeName(localName))
    ? localName
    : `run-${runId.slice(0, 8)}`;
  const params = run.data.params.filter((param) => keep('param', param.key, allowList.judgeParam(param)));
  const tags = run.data.tags
    .filter(({ key }) => !allowList.isSilent(key) && !ADDED.includes(key))
    .filter((tag) => keep('tag', tag.key, allowList.judgeTag(tag)));
  const inputs = run.inputs.dataset_inputs.flatMap((input) => {
    const reduced = allowList.reduceDataset(input);
    held.push(...reduced.held);
    return reduced.input ?? [];
  });
  return {
    name,
    params: params.toSorted(byKey),
    tags: [...tags, ...addedTags(runId, name, remoteParentId)].toSorted(byKey),
    inputs,
    held,
  };
}

/** The name and tags that an experiment has elsewhere. */
export function reviewExperiment(
  { experiment_id: id, name, tags }: Experiment,
  allowList: AllowList,
): { readonly name: string; readonly tags: readonly KeyValue[] } {
  const isSent = allowList.judgeName(name).ok;
  return {
    name: isSent ? name : `experiment-${digestOf(`${id}/${name}`).slice(0, 8)}`,
    tags: tags.filter((tag) => allowList.judgeTag(tag).ok).toSorted(byKey),
  };
}

/** SHA-256 of something that JSON holds. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Tags that are another's there. */
const ADDED: readonly string[] = [OUTERLOOP_TAGS.runUid, MLFLOW_TAGS.parentRunId, MLFLOW_TAGS.runName];

function addedTags(runId: string, name: string, remoteParentId: string | undefined): readonly KeyValue[] {
  return [
    { key: OUTERLOOP_TAGS.runUid, value: runId },
    { key: MLFLOW_TAGS.runName, value: name },
    ...(remoteParentId === undefined ? [] : [{ key: MLFLOW_TAGS.parentRunId, value: remoteParentId }]),
  ];
}

/** The report goes to the window: a key that tells something itself is told by its digest. */
export function describeKey(key: string, allowList: AllowList): string {
  return allowList.judgeName(key).ok ? key : `(a key, ${digestOf(key).slice(0, 8)})`;
}

const byKey = (a: KeyValue, b: KeyValue): number => (a.key < b.key ? -1 : 1);
