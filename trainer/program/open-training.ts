import { createHash } from 'node:crypto';
import { FaultError } from '../../common/fault.ts';
import type { ResolvedTrainConfig } from '../../common/mmar/resolved-config.ts';
import { buildTraining } from '../build/build-training.ts';
import { makePortable } from '../build/portable-config.ts';
import type { Training } from '../build/training.ts';
import {
  readResumeCheckpoint,
  RESUME_CHECKPOINT,
  type ResumeCheckpoint,
} from '../checkpoint/resume-checkpoint.ts';
import { createSampleOverlays } from '../handlers/sample-overlays.ts';
import { EventWriters } from '../tensorboard/event-writers.ts';
import type { TrainOptions } from './arguments.ts';
import { createContext } from './create-context.ts';
import type { Host } from './host.ts';
import { createProgressHandlers } from './progress-handlers.ts';
import { ResumeKeeper } from './resume-keeper.ts';
import { StatsRecorder } from './stats-recorder.ts';
import { ONNX_MODEL, writeOnnx } from './write-onnx.ts';

/** A training that is ready to run, and what goes with it. */
export interface OpenTraining {
  readonly training: Training;
  readonly recorder: StatsRecorder;
  readonly resumeKeeper: ResumeKeeper;
  /** Ends threads and closes files. */
  close(): Promise<void>;
}

/**
 * Builds a training from its config; with `resume` it stands where the checkpoint of an interrupted one says.
 *
 * @throws FaultError for whatever stands in the way
 */
export async function openTraining(
  config: ResolvedTrainConfig,
  modelFolder: string,
  options: TrainOptions,
  host: Host,
): Promise<OpenTraining> {
  const { files, reporter, elapsed } = host;
  const resumePath = `${modelFolder}/${RESUME_CHECKPOINT}`;
  const checkpoint = findCheckpoint(resumePath, options, host);
  const seed = checkpoint?.point.seed ?? chooseSeed(config, host);
  const eventWriters = new EventWriters(files, host.now);
  const buildable = { file: config.file, sections: config, json: config.json };
  const context = await createContext(buildable, options, host, {
    seed,
    modelFolder,
    eventWriters,
    useGpu: config.useGpu,
  });

  const clock = (): number => elapsed().trainSeconds;
  const recorder = new StatsRecorder(files, modelFolder, { elapsed });
  const configDigest = digestConfig(config, host);
  const resumeKeeper = new ResumeKeeper({ files, path: resumePath, configDigest, seed, recorder, clock });
  const progress = createProgressHandlers({
    reporter,
    recorder,
    clock,
    state: () => training.state,
    epochDone: () => resumeKeeper.keep(training),
    bestFound: () => {
      const window = training.evaluation?.lastWindow();
      writeOnnx(files, `${modelFolder}/${ONNX_MODEL}`, training.network, training.state, window);
    },
  });
  const samples = createSampleOverlays(files, modelFolder);
  const training: Training = buildTraining(context, {
    ...progress,
    validate: [samples, ...progress.validate],
  });
  await training.requireMemory(host.readMemory(context.provider ?? { name: 'cpu' }));
  recorder.plan(training.trainer.state.maxEpochs);
  if (checkpoint === undefined) files.remove(resumePath);
  else resume(checkpoint, configDigest, resumePath, { training, resumeKeeper, host });
  return {
    training,
    recorder,
    resumeKeeper,
    async close() {
      eventWriters.close();
      await training.dispose();
    },
  };
}

function chooseSeed({ determinism }: ResolvedTrainConfig, { reporter, drawSeed }: Host): number {
  const seed = determinism === undefined ? drawSeed() : determinism.randomSeed >>> 0;
  reporter.info(determinism === undefined ? `Random seed: ${seed} (drawn)` : `Random seed: ${seed}`);
  return seed;
}

function findCheckpoint(
  path: string,
  { resume, checkOnly }: TrainOptions,
  { files, reporter }: Host,
): ResumeCheckpoint | undefined {
  if (!resume || checkOnly) return undefined;
  if (files.exists(path)) return readResumeCheckpoint(files, path);
  reporter.info('There is nothing to resume: the training starts anew');
  return undefined;
}

function resume(
  checkpoint: ResumeCheckpoint,
  configDigest: string,
  path: string,
  { training, resumeKeeper, host }: { training: Training; resumeKeeper: ResumeKeeper; host: Host },
): void {
  const { configDigest: earlierDigest, trainer } = checkpoint.point;
  if (earlierDigest !== configDigest) {
    throw new FaultError({
      code: 'run-changed',
      file: host.files.describe(path),
      message:
        'The config has changed since the training was interrupted, so it cannot go on as it would have.',
      allowed: 'the config and settings of then; or train without --resume, from the start',
    });
  }
  resumeKeeper.restore(training, checkpoint);
  host.reporter.info(`Resumed after epoch ${trainer.epoch}`);
}

/** Of everything that a training follows from. Where the MMAR stands does not matter. */
function digestConfig({ json }: ResolvedTrainConfig, { files }: Host): string {
  const { search: _, ...rest } = json;
  return createHash('sha256')
    .update(JSON.stringify(makePortable(rest, files)))
    .digest('hex');
}
