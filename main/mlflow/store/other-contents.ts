import type { TrackingDatabase } from './database.ts';
import { DELETED_STAGE } from './registry/registry-rows.ts';
import { PROMPT_TAG } from './registry/search-registry.ts';

/** What a store of MLflow can hold that is not brought to or from other stores, by what one and several of it are called. */
const OTHERS = {
  deletedExperiments: ['deleted experiment', 'deleted experiments'],
  deletedRuns: ['deleted run', 'deleted runs'],
  deletedModels: ['deleted logged model', 'deleted logged models'],
  deletedVersions: ['deleted model version', 'deleted model versions'],
  traces: ['trace', 'traces'],
  prompts: ['prompt', 'prompts'],
  evaluationSets: ['evaluation data set', 'evaluation data sets'],
  scorers: ['scorer', 'scorers'],
  webhooks: ['webhook', 'webhooks'],
} as const;
export type OtherContent = keyof typeof OTHERS;

interface Place {
  readonly table: string;
  /** One that every version of the table has. */
  readonly column: string;
  readonly where: string;
}

const deleted = `lifecycle_stage = 'deleted'`;
const PLACES: Readonly<Record<OtherContent, Place>> = {
  deletedExperiments: { table: 'experiments', column: 'experiment_id', where: deleted },
  deletedRuns: { table: 'runs', column: 'run_uuid', where: deleted },
  deletedModels: { table: 'logged_models', column: 'model_id', where: deleted },
  deletedVersions: {
    table: 'model_versions',
    column: 'version',
    where: `current_stage = '${DELETED_STAGE}'`,
  },
  traces: { table: 'trace_info', column: 'request_id', where: 'true' },
  prompts: {
    table: 'registered_model_tags',
    column: 'key',
    where: `key = '${PROMPT_TAG}' AND lower(value) = 'true'`,
  },
  evaluationSets: { table: 'evaluation_datasets', column: 'dataset_id', where: 'true' },
  scorers: { table: 'scorers', column: 'scorer_name', where: 'true' },
  webhooks: { table: 'webhooks', column: 'webhook_id', where: 'true' },
};

/** How much of it a database holds; what its version does not know is left out. */
export function countOthers(db: TrackingDatabase): Partial<Record<OtherContent, number>> {
  const counts: Partial<Record<OtherContent, number>> = {};
  for (const name of Object.keys(PLACES) as OtherContent[]) {
    const { table, column, where } = PLACES[name];
    if (db.hasColumn(table, column))
      counts[name] = db.get<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE ${where}`)!.n;
  }
  return counts;
}

/** In words, e.g. `1 deleted run`, `3 traces`; nothing of what there is none. */
export function describeCounts(counts: Partial<Record<OtherContent, number>>): readonly string[] {
  return (Object.keys(OTHERS) as OtherContent[]).flatMap((name) => {
    const count = counts[name] ?? 0;
    return count === 0 ? [] : [`${count} ${OTHERS[name][count === 1 ? 0 : 1]}`];
  });
}
