/** The tags of our own on runs and experiments. */
export const OUTERLOOP_TAGS = {
  /** The same on every server that a run was sent to: the run's id on the machine that made it. */
  runUid: 'outerloop.run_uid',
  /** The same for logged models, and for versions of registered models. */
  modelUid: 'outerloop.model_uid',
  versionUid: 'outerloop.version_uid',
  /** `search`, `job` or `training`. */
  kind: 'outerloop.kind',
  mmar: 'outerloop.mmar',
  /** The name of the AutoML run. */
  run: 'outerloop.run',
  job: 'outerloop.job',
  /** A job's or run's status in our own words: completed, diverged, timeout, ... */
  status: 'outerloop.status',
  reason: 'outerloop.reason',
  worker: 'outerloop.worker',
  devices: 'outerloop.devices',
  round: 'outerloop.round',
  recommendation: 'outerloop.recommendation',
  attempts: 'outerloop.attempts',
  bestJob: 'outerloop.best_job',
  version: 'outerloop.version',
  /** How far a run's journal has been read into the store. */
  journalSeq: 'outerloop.journal_seq',
} as const;
