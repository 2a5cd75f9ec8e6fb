import type {
  Experiment,
  KeyValue,
  LoggedModel,
  Metric,
  ModelVersion,
  RegisteredModel,
  Run,
} from '../../../../common/mlflow/entities.ts';
import { encodeMetric } from '../../../../common/mlflow/metric-value.ts';

/*
 * The answers' JSON as MLflow writes it: empty lists and absent values are left out, NaN is a word.
 */

const orNothing = <T>(list: readonly T[]): readonly T[] | undefined => (list.length === 0 ? undefined : list);

export const encodeMetrics = (metrics: readonly Metric[]): unknown => orNothing(metrics.map(encodeMetric));

export function encodeExperiment({ tags, ...experiment }: Experiment): unknown {
  return { ...experiment, tags: orNothing(tags), workspace: 'default' };
}

export function encodeRun({ info, data, inputs, outputs }: Run) {
  return {
    info,
    data: {
      metrics: encodeMetrics(data.metrics),
      params: orNothing(data.params),
      tags: orNothing(data.tags),
    },
    inputs: {
      dataset_inputs: orNothing(
        inputs.dataset_inputs.map(({ tags, dataset }) => ({ tags: orNothing(tags), dataset })),
      ),
      model_inputs: orNothing(inputs.model_inputs),
    },
    outputs: { model_outputs: orNothing(outputs.model_outputs) },
  };
}

export function encodeLoggedModel({ info, data }: LoggedModel): unknown {
  return {
    info: { ...info, tags: orNothing(info.tags) },
    data: { params: orNothing(data.params), metrics: encodeMetrics(data.metrics) },
  };
}

export function encodeVersion({ tags, aliases, ...version }: ModelVersion): unknown {
  return { ...version, tags: orNothing(tags), aliases: orNothing(aliases) };
}

export function encodeRegisteredModel({
  latest_versions,
  tags,
  aliases,
  ...model
}: RegisteredModel): unknown {
  return {
    ...model,
    latest_versions: orNothing(latest_versions.map(encodeVersion)),
    tags: orNothing(tags),
    aliases: orNothing(aliases),
  };
}

/** The tags as they came: a value that is absent is empty. */
export const toTags = (
  tags: readonly { readonly key?: string; readonly value?: string }[] | undefined,
): KeyValue[] => (tags ?? []).map(({ key = '', value = '' }) => ({ key, value }));
