import { FaultError } from '../../common/fault.ts';
import { NO_SCORE } from '../../common/mmar/train-stats.ts';
import type { ResolvedTrainConfig } from '../../common/mmar/resolved-config.ts';
import { TRAINER_PROTOCOL } from '../../common/trainer-protocol.ts';
import type { Training } from '../build/training.ts';
import { RESUME_CHECKPOINT } from '../checkpoint/resume-checkpoint.ts';
import type { TrainOptions } from './arguments.ts';
import { checkTraining } from './check-training.ts';
import { describeFailure } from './describe-failure.ts';
import { EXIT_CODE, type ExitCode } from './exit-code.ts';
import type { Host } from './host.ts';
import { loadTrainConfig, wantsConfigPrinted } from './load-config.ts';
import { openTraining, type OpenTraining } from './open-training.ts';
import { formatFixed } from '../handlers/format-number.ts';
import { readStats, StatsRecorder } from './stats-recorder.ts';
import { ONNX_MODEL, writeOnnx } from './write-onnx.ts';

const DEFAULT_MODEL_FOLDER = 'models';

/** What is known of a training when it fails. */
interface Attempt {
  modelFolder: string;
  recorder?: StatsRecorder;
}

/**
 * Trains as a config_train says. Whatever happens is logged, sent as the message `finished`, and kept in
 * `train_stats.json`.
 */
export async function train(options: TrainOptions, host: Host): Promise<ExitCode> {
  const attempt: Attempt = { modelFolder: DEFAULT_MODEL_FOLDER };
  try {
    const config = loadTrainConfig(host.files, options);
    attempt.modelFolder = modelFolderOf(config);
    host.reporter.send({
      type: 'ready',
      protocol: TRAINER_PROTOCOL,
      pid: process.pid,
      provider: host.chooseProvider(config.useGpu).name,
    });
    logConfig(config, options, host);
    if (options.checkOnly) return await check(config, options, host);
    if (options.resume && isCompleted(attempt.modelFolder, host)) return EXIT_CODE.completed;
    return await trainWith(config, options, host, attempt);
  } catch (error) {
    return reportFailure(error, options, host, attempt);
  }
}

async function trainWith(
  config: ResolvedTrainConfig,
  options: TrainOptions,
  host: Host,
  attempt: Attempt,
): Promise<ExitCode> {
  const open = await openTraining(config, attempt.modelFolder, options, host);
  attempt.recorder = open.recorder;
  try {
    open.recorder.start();
    // one that is resumed was tried when it began
    if (open.training.trainer.state.iteration === 0)
      await checkTraining(open.training, attempt.modelFolder, host);
    await open.training.trainer.run();
    if (open.training.evaluation === undefined) writeFinalOnnx(open.training, attempt.modelFolder, host);
    complete(open, host);
    return EXIT_CODE.completed;
  } finally {
    await open.close();
  }
}

function complete({ recorder, resumeKeeper }: OpenTraining, { reporter }: Host): void {
  recorder.end('completed');
  resumeKeeper.discard();
  const { key_metric: metric, best_metric: bestMetric, best_epoch: bestEpoch, epochs } = recorder.stats;
  const score =
    bestEpoch === undefined ? '' : `, best ${metric}: ${formatFixed(bestMetric)} at epoch ${bestEpoch}`;
  reporter.info(`Training completed: ${epochs} epochs${score}`);
  reporter.send({ type: 'finished', status: 'completed', bestMetric });
}

/** Without validation the last model is the best that there is. */
function writeFinalOnnx({ network, state }: Training, modelFolder: string, { files }: Host): void {
  writeOnnx(files, `${modelFolder}/${ONNX_MODEL}`, network, state, undefined);
}

/** A training that has ended well has nothing left to resume. */
function isCompleted(modelFolder: string, { files, reporter }: Host): boolean {
  const stats = readStats(files, modelFolder);
  if (stats?.status !== 'completed') return false;
  reporter.info(`The training was completed before: ${stats.epochs} epochs`);
  reporter.send({ type: 'finished', status: 'completed', bestMetric: stats.best_metric });
  return true;
}

async function check(config: ResolvedTrainConfig, options: TrainOptions, host: Host): Promise<ExitCode> {
  const open = await openTraining(config, modelFolderOf(config), options, host);
  try {
    await checkTraining(open.training, modelFolderOf(config), host);
    host.reporter.info('Check completed: the config can train');
    return EXIT_CODE.completed;
  } finally {
    await open.close();
  }
}

function modelFolderOf({ variables, file }: ResolvedTrainConfig): string {
  const folder = variables.MMAR_CKPT_DIR;
  if (typeof folder === 'string' && folder !== '') return folder;
  throw new FaultError({
    code: 'wrong-argument',
    file,
    message: 'MMAR_CKPT_DIR is no folder.',
    argument: 'MMAR_CKPT_DIR',
    allowed: 'a path, such as models',
  });
}

function logConfig(config: ResolvedTrainConfig, options: TrainOptions, { reporter }: Host): void {
  if (wantsConfigPrinted(options)) reporter.info(`Config: ${JSON.stringify(config.json, null, 2)}`);
  if (config.amp) reporter.warning('amp is ignored: the training computes in single precision');
  if (config.multiGpu) reporter.warning('multi_gpu is ignored: a training runs on one device');
}

function reportFailure(
  error: unknown,
  options: TrainOptions,
  host: Host,
  { modelFolder, recorder }: Attempt,
): ExitCode {
  const { files, reporter, elapsed } = host;
  const { status, reason, faults, exitCode, stack } = describeFailure(error, files);
  if (stack !== undefined) reporter.error(stack);
  if (status === 'aborted') reporter.warning(`Training aborted: ${reason}`);
  else reporter.error(`Training ${status}: ${reason}`);
  let bestMetric = recorder?.stats.best_metric;
  if (!options.checkOnly && files.exists('.')) {
    try {
      const stats = recorder ?? new StatsRecorder(files, modelFolder, { elapsed });
      stats.end(status, reason);
      // It would only diverge again.
      if (status === 'diverged') files.remove(`${modelFolder}/${RESUME_CHECKPOINT}`);
      bestMetric = stats.stats.best_metric;
    } catch (writeError) {
      reporter.error(describeFailure(writeError, files).reason);
    }
  }
  reporter.send({
    type: 'finished',
    status,
    bestMetric: bestMetric ?? NO_SCORE,
    reason,
    ...(faults.length > 0 && { faults: [...faults] }),
  });
  return exitCode;
}
