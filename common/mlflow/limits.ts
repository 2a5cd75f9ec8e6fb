/** What MLflow accepts at most, as its server and its database schema have it (MLflow 3.17). */
export const MLFLOW_LIMITS = {
  batchMetrics: 1000,
  batchParams: 100,
  batchTags: 100,
  /** Metrics, params and tags of one batch together. */
  batchItems: 1000,
  batchBytes: 1_000_000,
  batchDatasets: 1000,
  keyLength: 250,
  /** Longer values are cut, as MLflow does by default. */
  paramValueLength: 6000,
  tagValueLength: 8000,
  experimentNameLength: 500,
  experimentTagValueLength: 20_000,
  artifactLocationLength: 2048,
  datasetNameLength: 500,
  datasetDigestLength: 36,
  datasetSourceLength: 65_535,
  datasetSchemaLength: 1_048_575,
  datasetProfileLength: 16_777_215,
  inputTagKeyLength: 255,
  inputTagValueLength: 500,
  registryTagValueLength: 100_000,
  aliasLength: 255,
  searchResults: 50_000,
  searchRegisteredModels: 1000,
  searchModelVersions: 200_000,
  historyBulkPoints: 25_000,
  historyBulkRuns: 100,
  historyIntervalPoints: 2500,
  searchDatasetsExperiments: 20,
  datasetSummaries: 1000,
} as const;

/** Parts of one upload, as cloud stores have it. */
export const MLFLOW_MOST_PARTS = 10_000;

/** How many results a search gives when nothing is said. */
export const MLFLOW_DEFAULT_RESULTS = {
  runs: 1000,
  experiments: 1000,
  loggedModels: 100,
  registeredModels: 100,
  modelVersions: 200_000,
} as const;
