import { listOf, message, integer, number, text } from './fields.ts';

/** Messages that several requests hold. */
export const keyValue = message({ key: text, value: text });
export const keyValues = listOf(keyValue);

export const metricFields = {
  key: text,
  value: number,
  timestamp: integer,
  step: integer,
  model_id: text,
  dataset_name: text,
  dataset_digest: text,
  run_id: text,
};

export const datasetFields = {
  name: text,
  digest: text,
  source_type: text,
  source: text,
  schema: text,
  profile: text,
};
