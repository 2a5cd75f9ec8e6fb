import type { KeyValue, LoggedModel, Metric } from '../../../common/mlflow/entities.ts';
import { OUTERLOOP_TAGS } from '../../../common/mlflow/outerloop-tags.ts';
import type { MetricInput } from '../../../common/mlflow/requests.ts';
import type { AllowList, HeldBack } from '../redact/allow-list.ts';
import { describeKey, digestOf } from './review-run.ts';
import type { RunLedger } from './run-ledger.ts';

/** What of a logged model may go. */
export interface ReviewedModel {
  readonly name: string;
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  readonly held: readonly HeldBack[];
}

/** Looks through a logged model: what may go, its uid with it, and what stays and why. */
export function reviewModel({ info, data }: LoggedModel, allowList: AllowList): ReviewedModel {
  const held: HeldBack[] = [];
  const keep = (what: string, key: string, verdict: ReturnType<AllowList['judgeTag']>): boolean => {
    if (!verdict.ok)
      held.push({ kind: 'model', key: `${what} ${describeKey(key, allowList)}`, rule: verdict.rule });
    return verdict.ok;
  };
  const isNamed = keep('name', info.name, allowList.judgeName(info.name));
  const tags = info.tags
    .filter(({ key }) => !allowList.isSilent(key) && key !== OUTERLOOP_TAGS.modelUid)
    .filter((tag) => keep('tag', tag.key, allowList.judgeTag(tag)));
  return {
    name: isNamed ? info.name : `model-${digestOf(info.name).slice(0, 8)}`,
    params: data.params.filter((param) => keep('param', param.key, allowList.judgeParam(param))),
    tags: [...tags, { key: OUTERLOOP_TAGS.modelUid, value: info.model_id }],
    held,
  };
}

/** What was measured of a model, by the run there that measured it: of runs that are there. */
export function measuredAt(
  { ledger, allowList }: { readonly ledger: RunLedger; readonly allowList: AllowList },
  { info, data }: LoggedModel,
): ReadonlyMap<string, readonly MetricInput[]> {
  const found = new Map<string, MetricInput[]>();
  for (const metric of data.metrics) {
    const runId = ledger.get(metric.run_id ?? info.source_run_id ?? '').remote_run_id;
    if (runId === null || !allowList.judgeName(metric.key).ok) continue;
    found.set(runId, [...(found.get(runId) ?? []), toInput(metric, allowList)]);
  }
  return found;
}

function toInput(
  { key, value, timestamp, step, dataset_name, dataset_digest }: Metric,
  allowList: AllowList,
): MetricInput {
  const isNamed =
    dataset_name !== undefined && dataset_digest !== undefined && allowList.judgeName(dataset_name).ok;
  return { key, value, timestamp, step, ...(isNamed ? { dataset_name, dataset_digest } : {}) };
}
