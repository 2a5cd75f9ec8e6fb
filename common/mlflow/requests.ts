import type {
  Dataset,
  KeyValue,
  Metric,
  ModelInput,
  ModelOutput,
  ModelStatus,
  RunStatus,
  ViewType,
} from './entities.ts';

/*
 * What is asked of a tracking server, with MLflow's own names: the client sends these, the server and the store take
 * them. A list that is left out is empty.
 */

/** A point to log: `step` is 0 when left out. */
export type MetricInput = Omit<Metric, 'step'> & { readonly step?: number };

/** A page of results. `token` is absent on the last page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly token?: string;
}

export interface CreateExperiment {
  readonly name: string;
  readonly artifact_location?: string;
  readonly tags?: readonly KeyValue[];
}

export interface SearchExperiments {
  readonly filter?: string;
  readonly order_by?: readonly string[];
  /** 1 to 50,000. */
  readonly max_results?: number;
  readonly page_token?: string;
  readonly view_type?: ViewType;
}

export interface CreateRun {
  readonly experiment_id: string;
  readonly user_id?: string;
  /** A random one of the shape adjective-noun-number when left out. */
  readonly run_name?: string;
  readonly start_time?: number;
  readonly tags?: readonly KeyValue[];
}

export interface UpdateRun {
  readonly run_id: string;
  readonly status?: RunStatus;
  readonly end_time?: number;
  readonly run_name?: string;
}

export interface SearchRuns {
  readonly experiment_ids: readonly string[];
  readonly filter?: string;
  readonly run_view_type?: ViewType;
  /** 1 to 50,000; 1000 when left out. */
  readonly max_results?: number;
  readonly order_by?: readonly string[];
  readonly page_token?: string;
}

export interface LogBatch {
  readonly run_id: string;
  readonly metrics?: readonly MetricInput[];
  readonly params?: readonly KeyValue[];
  readonly tags?: readonly KeyValue[];
}

export interface LogInputs {
  readonly run_id: string;
  readonly datasets?: readonly { readonly dataset: Dataset; readonly tags?: readonly KeyValue[] }[];
  readonly models?: readonly ModelInput[];
}

export interface LogOutputs {
  readonly run_id: string;
  readonly models: readonly ModelOutput[];
}

export interface GetHistory {
  readonly run_id: string;
  readonly metric_key: string;
  /** All points when left out. */
  readonly max_results?: number;
  readonly page_token?: string;
}

export interface GetHistoryInterval {
  readonly run_ids: readonly string[];
  readonly metric_key: string;
  /** Points for each run: its first, its last and evenly spaced ones between. 1 to 2500. */
  readonly max_results?: number;
  readonly start_step?: number;
  readonly end_step?: number;
}

export interface CreateLoggedModel {
  readonly experiment_id: string;
  readonly name?: string;
  readonly model_type?: string;
  readonly source_run_id?: string;
  readonly params?: readonly KeyValue[];
  readonly tags?: readonly KeyValue[];
}

export interface OrderModelsBy {
  readonly field_name: string;
  readonly ascending?: boolean;
  readonly dataset_name?: string;
  readonly dataset_digest?: string;
}

export interface SearchLoggedModels {
  readonly experiment_ids: readonly string[];
  readonly filter?: string;
  readonly datasets?: readonly { readonly dataset_name: string; readonly dataset_digest?: string }[];
  readonly max_results?: number;
  readonly order_by?: readonly OrderModelsBy[];
  readonly page_token?: string;
}

export interface FinalizeLoggedModel {
  readonly model_id: string;
  readonly status: ModelStatus;
}

export interface CreateRegisteredModel {
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly KeyValue[];
}

export interface CreateModelVersion {
  readonly name: string;
  readonly source: string;
  readonly run_id?: string;
  readonly run_link?: string;
  readonly description?: string;
  readonly model_id?: string;
  readonly tags?: readonly KeyValue[];
}

export interface SearchRegistry {
  readonly filter?: string;
  readonly order_by?: readonly string[];
  readonly max_results?: number;
  readonly page_token?: string;
}
