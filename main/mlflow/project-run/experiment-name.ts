import type { KeyValue } from '../../../common/mlflow/entities.ts';
import { MLFLOW_LIMITS } from '../../../common/mlflow/limits.ts';
import { MLFLOW_TAGS } from '../../../common/mlflow/tag-names.ts';
import type { TrackedExperiment } from './tracking-sink.ts';

/** How the experiment of a search is found. */
export interface ExperimentChoice {
  /** `run`: one for each search, `<mmar>/<run>`; `project`: the seed's rule for Clara, see {@link nameByProject}. */
  readonly rule: 'run' | 'project';
  /** A name of the user's own, which wins over the rule. */
  readonly name?: string;
  readonly note?: string;
  readonly tags: readonly KeyValue[];
}

/** The experiment of one search. */
export function chooseExperiment(
  choice: ExperimentChoice,
  { mmar, mmarRoot }: { readonly mmar: string; readonly mmarRoot: string },
  run: string,
  runUid: string,
): TrackedExperiment {
  const note = choice.note ?? `AutoML of ${mmar}`;
  const tags = [{ key: MLFLOW_TAGS.note, value: note }, ...choice.tags];
  const shared = choice.name ?? (choice.rule === 'project' ? nameByProject(mmarRoot) : undefined);
  if (shared !== undefined) return { name: cut(shared), tags };
  return { name: cut(`${mmar}/${run}`), ownerUid: runUid, tags: [...tags, ...primaryMetric] };
}

/** `AM` and the folder that holds the folder `MMARs`; undefined where there is none. */
export function nameByProject(mmarRoot: string): string | undefined {
  const steps = mmarRoot.split(/[\\/]/);
  const project = steps[steps.lastIndexOf('MMARs') - 1];
  return project === undefined || project === '' ? undefined : `AM${project}`;
}

const primaryMetric: readonly KeyValue[] = [
  { key: MLFLOW_TAGS.primaryMetric, value: 'score' },
  { key: MLFLOW_TAGS.primaryMetricIsGreater, value: 'True' },
];

const cut = (name: string): string => name.slice(0, MLFLOW_LIMITS.experimentNameLength);
