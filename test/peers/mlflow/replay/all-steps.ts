import { ARTIFACT_STEPS, LOGGED_MODEL_STEPS, PROTOCOL_STEPS, REGISTRY_STEPS } from './model-steps.ts';
import { DATASET_STEPS, SEARCH_STEPS } from './search-steps.ts';
import type { Step } from './step.ts';
import { BATCH_STEPS, EXPERIMENT_STEPS, HISTORY_STEPS, RUN_STEPS } from './tracking-steps.ts';

/** All requests, in the order in which both servers get them. */
export const ALL_STEPS: readonly Step[] = [
  ...EXPERIMENT_STEPS,
  ...RUN_STEPS,
  ...BATCH_STEPS,
  ...HISTORY_STEPS,
  ...SEARCH_STEPS,
  ...DATASET_STEPS,
  ...LOGGED_MODEL_STEPS,
  ...REGISTRY_STEPS,
  ...ARTIFACT_STEPS,
  ...PROTOCOL_STEPS,
];
