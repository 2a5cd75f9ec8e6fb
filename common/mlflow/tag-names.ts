/** The tags that MLflow itself gives a meaning. */
export const MLFLOW_TAGS = {
  runName: 'mlflow.runName',
  note: 'mlflow.note.content',
  parentRunId: 'mlflow.parentRunId',
  user: 'mlflow.user',
  sourceName: 'mlflow.source.name',
  sourceType: 'mlflow.source.type',
  loggedModels: 'mlflow.log-model.history',
  /** Of a logged model: the versions of registered models that were made of it. */
  modelVersions: 'mlflow.modelVersions',
  experimentKind: 'mlflow.experimentKind',
  primaryMetric: 'mlflow.experiment.primaryMetric.name',
  primaryMetricIsGreater: 'mlflow.experiment.primaryMetric.greaterIsBetter',
  /** Of a dataset input: training, validation, test. */
  dataContext: 'mlflow.data.context',
} as const;
