import { invalidParameter } from '../../../../common/mlflow/error.ts';

/** The stages of versions: an older way of saying what aliases say. */
export const STAGES = ['None', 'Staging', 'Production', 'Archived'] as const;
export type Stage = (typeof STAGES)[number];

/** A stage by its name in any case. */
export function toStage(name: string): Stage {
  const stage = STAGES.find((known) => known.toLowerCase() === name.toLowerCase());
  if (stage !== undefined) return stage;
  throw invalidParameter(`Invalid Model Version stage: ${name}. Value must be one of ${STAGES.join(', ')}.`);
}

/** Whether the versions in a stage are in use: only there may a new one send the others to the archive. */
export const isActiveStage = (stage: Stage): boolean => stage === 'Staging' || stage === 'Production';
