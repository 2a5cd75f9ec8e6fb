import { COMPARATORS, type SearchGrammar } from './clause.ts';

const time = (column: string) => ({ column, isNumeric: true }) as const;
const text = (column: string) => ({ column }) as const;

/** What runs can be searched for. `order` has the same entities; datasets cannot be sorted by. */
export const RUN_GRAMMAR = {
  entities: {
    metric: 'metric',
    metrics: 'metric',
    parameter: 'parameter',
    parameters: 'parameter',
    param: 'parameter',
    params: 'parameter',
    tag: 'tag',
    tags: 'tag',
    attribute: 'attribute',
    attributes: 'attribute',
    attr: 'attribute',
    run: 'attribute',
    dataset: 'dataset',
    datasets: 'dataset',
  },
  attributes: {
    run_id: text('run_uuid'),
    run_name: text('name'),
    'run name': text('name'),
    'Run name': text('name'),
    'Run Name': text('name'),
    user_id: text('user_id'),
    status: text('status'),
    artifact_uri: text('artifact_uri'),
    start_time: time('start_time'),
    end_time: time('end_time'),
    created: time('start_time'),
    Created: time('start_time'),
  },
  listAttributes: ['run_id'],
  comparators: {
    number: COMPARATORS.number,
    parameter: COMPARATORS.textOrNull,
    tag: COMPARATORS.textOrNull,
    attribute: COMPARATORS.textOrList,
    dataset: COMPARATORS.textOrList,
  },
} as const satisfies SearchGrammar;

const TAGGED = { attribute: 'attribute', tag: 'tag', tags: 'tag' } as const;

export const EXPERIMENT_GRAMMAR = {
  entities: TAGGED,
  attributes: {
    name: text('name'),
    experiment_id: text('experiment_id'),
    creation_time: time('creation_time'),
    last_update_time: time('last_update_time'),
  },
  listAttributes: ['experiment_id'],
  comparators: {
    number: COMPARATORS.number,
    attribute: COMPARATORS.textOrList,
    tag: COMPARATORS.textOrNull,
  },
} as const satisfies SearchGrammar;

export const REGISTERED_MODEL_GRAMMAR = {
  entities: TAGGED,
  attributes: { name: text('name') },
  listAttributes: ['name'],
  comparators: { attribute: COMPARATORS.textOrList, tag: COMPARATORS.text },
} as const satisfies SearchGrammar;

/** By what registered models can be sorted; `timestamp` is the time of the last change. */
export const REGISTERED_MODEL_ORDER = {
  entities: TAGGED,
  attributes: {
    name: text('name'),
    timestamp: text('last_updated_time'),
    last_updated_timestamp: text('last_updated_time'),
  },
} as const;

export const MODEL_VERSION_GRAMMAR = {
  entities: TAGGED,
  attributes: {
    name: text('name'),
    version_number: time('version'),
    run_id: text('run_id'),
    source_path: text('source'),
  },
  listAttributes: ['name', 'run_id'],
  comparators: {
    number: COMPARATORS.number,
    attribute: COMPARATORS.textOrList,
    tag: COMPARATORS.text,
  },
} as const satisfies SearchGrammar;

export const MODEL_VERSION_ORDER = {
  entities: TAGGED,
  attributes: {
    name: text('name'),
    version_number: text('version'),
    creation_timestamp: text('creation_time'),
    last_updated_timestamp: text('last_updated_time'),
  },
} as const;

const LOGGED_MODEL_ATTRIBUTES = {
  name: text('name'),
  model_id: text('model_id'),
  model_type: text('model_type'),
  source_run_id: text('source_run_id'),
  status: text('status'),
  status_message: text('status_message'),
  artifact_location: text('artifact_location'),
  experiment_id: text('experiment_id'),
  creation_time: time('creation_timestamp_ms'),
  creation_timestamp: time('creation_timestamp_ms'),
  creation_timestamp_ms: time('creation_timestamp_ms'),
  last_updated_timestamp: time('last_updated_timestamp_ms'),
  last_updated_timestamp_ms: time('last_updated_timestamp_ms'),
} as const;

export const LOGGED_MODEL_GRAMMAR = {
  entities: {
    attribute: 'attribute',
    attributes: 'attribute',
    metrics: 'metric',
    params: 'parameter',
    tags: 'tag',
  },
  attributes: LOGGED_MODEL_ATTRIBUTES,
  comparators: {
    number: COMPARATORS.number,
    attribute: COMPARATORS.textOrList,
    parameter: COMPARATORS.textOrList,
    tag: COMPARATORS.textOrList,
  },
} as const satisfies SearchGrammar;
