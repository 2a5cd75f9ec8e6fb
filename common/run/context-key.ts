/**
 * The properties that components share through the context, by the names that Clara uses (automl.defs.ContextKey),
 * and, below the line, the ones that are ours.
 */
export const contextKey = {
  /** {@link ConcreteSearchValue} of the job. */
  concreteSearchValue: '_concreteSearchValue',
  /** GPU ids of the job's worker, a list of strings; empty for the CPU. */
  gpus: '_gpus',
  jobName: '_jobName',
  /** A {@link JobStatus} once the job has ended; `interrupted` when it can be run again. */
  jobStatus: '_jobStatus',
  numWorkers: '_numWorkers',
  /** The exit code of the job's process, where it had one. */
  processExitStatus: '_processExitStatus',
  recommendation: '_recommendation',
  recommendations: '_recommendations',
  /** The job's score; NO_SCORE (-1000000) when it has none. */
  score: '_score',
  searchSpace: '_searchSpace',
  traceDestFile: '_traceDestFile',
  traceDestType: '_traceDestType',

  /** Absolute path of the MMAR that is searched. */
  mmarRoot: '_mmarRoot',
  /** Absolute path of the run's folder. */
  runRoot: '_runRoot',
  /** Absolute path of the job's MMAR; Clara's medl.apps.automl.constants names it so. */
  jobMmarRoot: 'job_mmar_root',
  runId: '_runId',
  seed: '_seed',
  workerName: '_workerName',
  /** Why a job failed or was stopped. */
  jobReason: '_jobReason',
  /** The {@link JobRecord} of an ended job. */
  jobRecord: '_jobRecord',
  /** The number of the batch of recommendations that has ended, from 1. */
  round: '_round',
  /** At `end_automl` and `shutdown`: a {@link RunStatus}. */
  runStatus: '_runStatus',
} as const;
