import { FaultError } from '../../common/fault.ts';
import { NO_SCORE } from '../../common/mmar/train-stats.ts';
import {
  componentsOf,
  type ComponentNode,
  type ResolvedEvaluationConfig,
} from '../../common/mmar/resolved-config.ts';
import type { BuildContext } from '../build/build-context.ts';
import { buildEvaluation, type EvaluatedModel } from '../build/build-evaluation.ts';
import { buildHandlers } from '../build/build-handlers.ts';
import { buildNetwork } from '../build/build-model.ts';
import { makePortable } from '../build/portable-config.ts';
import type { Evaluation } from '../build/training.ts';
import { configSaveable, modelSaveable } from '../checkpoint/saveable.ts';
import { createModelState } from '../model/model-state.ts';
import { EventWriters } from '../tensorboard/event-writers.ts';
import type { EvaluateOptions } from './arguments.ts';
import { createContext } from './create-context.ts';
import { describeFailure } from './describe-failure.ts';
import { EXIT_CODE, type ExitCode } from './exit-code.ts';
import type { Host } from './host.ts';
import { loadEvaluationConfig, loadTrainConfig, wantsConfigPrinted } from './load-config.ts';
import { listOutputFolders } from './output-folders.ts';
import { createLoadedState, readCheckpointModel, type CheckpointModel } from './load-model.ts';
import { perClassOf, valuesOf } from './stats-recorder.ts';

/**
 * Applies a model to the cases of a config_validation or config_inference: its handlers write metrics, its post transforms
 * predictions. The message `finished` says how it ended.
 */
export async function evaluate(options: EvaluateOptions, host: Host): Promise<ExitCode> {
  const { files, reporter } = host;
  const eventWriters = new EventWriters(files, host.now);
  try {
    const config = loadEvaluationConfig(files, options);
    if (wantsConfigPrinted(options)) reporter.info(`Config: ${JSON.stringify(config.json, null, 2)}`);
    const evaluation = await openEvaluation(config, options, host, eventWriters);
    try {
      await evaluation.evaluator.run();
      report(evaluation, config, host);
    } finally {
      await evaluation.dispose();
    }
    return EXIT_CODE.completed;
  } catch (error) {
    const { status, reason, faults, exitCode, stack } = describeFailure(error, files);
    if (stack !== undefined) reporter.error(stack);
    reporter.error(`Evaluation ${status}: ${reason}`);
    reporter.send({ type: 'finished', status, bestMetric: NO_SCORE, reason, faults: [...faults] });
    return exitCode;
  } finally {
    eventWriters.close();
  }
}

async function openEvaluation(
  config: ResolvedEvaluationConfig,
  options: EvaluateOptions,
  host: Host,
  eventWriters: EventWriters,
): Promise<Evaluation> {
  const { files } = host;
  const found = findModel(config, options, host);
  const sections = { train: {}, validate: { ...config.section, model: found.node } };
  const context = await createContext({ file: config.file, sections, json: config.json }, options, host, {
    seed: 0,
    modelFolder: 'models',
    eventWriters,
    useGpu: config.useGpu,
  });
  const network = buildNetwork(context, { section: 'validate', nodes: [found.node] });
  const state =
    found.checkpoint === undefined
      ? createModelState(network, 0)
      : createLoadedState(files, found.path, network, found.checkpoint);
  return context.slots.build({ section: 'validate', slot: 'evaluator' }, (slot) =>
    buildEvaluation(context, slot, { network, state }, (handlers) =>
      handlers === undefined ? [] : buildHandlers(context, handlers, partnersOf(context, { network, state })),
    ),
  );
}

type FoundModel = Partial<CheckpointModel> & { readonly node: ComponentNode; readonly path: string };

function findModel(
  { model, file }: ResolvedEvaluationConfig,
  options: EvaluateOptions,
  { files }: Host,
): FoundModel {
  if (model.format === 'network') return { node: model.node, path: '' };
  if (model.format === 'ckpt') {
    const trainConfig = () => loadTrainConfig(files, { ...options, config: 'config/config_train.json' }).json;
    return { ...readCheckpointModel(files, model.path, trainConfig), path: model.path };
  }
  throw new FaultError({
    code: 'checkpoint',
    file,
    path: model.at,
    message: 'A TorchScript model is a Python program: it cannot be run here.',
    allowed: 'ckpt_path, chosen by --set dont_load_ts_model=True dont_load_ckpt_model=False',
  });
}

function partnersOf({ slots, files }: BuildContext, { state }: EvaluatedModel) {
  const refuse = (): never => {
    throw new FaultError({
      code: 'wrong-argument',
      file: slots.config.file,
      message: 'An evaluation has no training that this handler could work on.',
      allowed: 'StatsHandler, TensorBoardStatsHandler, CheckpointLoader, MetricsSaver',
    });
  };
  return {
    saveables: {
      model: () => modelSaveable(state),
      conf: () => configSaveable(makePortable(slots.config.json, files)),
    },
    buildEvaluator: refuse,
    buildLrScheduler: refuse,
    checkInterval: refuse,
  };
}

/** Where handlers and transforms of the config have written to. */
function describeOutputs({ section }: ResolvedEvaluationConfig, { files }: Host): string {
  const nodes = Object.keys(section).flatMap((slot) => componentsOf(section, slot));
  const folders = listOutputFolders(nodes).map(({ folder }) => files.describe(folder));
  return [...new Set(folders)].join(' and ');
}

function report({ evaluator }: Evaluation, config: ResolvedEvaluationConfig, host: Host): void {
  const { reporter } = host;
  const { metrics, iteration, bestMetric, bestMetricEpoch } = evaluator.state;
  const key = metrics.find(({ isKey }) => isKey);
  if (metrics.length > 0) {
    reporter.send({
      type: 'validation',
      epoch: 1,
      metrics: valuesOf(metrics),
      perClass: perClassOf(metrics),
      keyMetric: key?.label ?? '',
      bestMetric,
      bestEpoch: bestMetricEpoch,
    });
  }
  const outputs = describeOutputs(config, host);
  const place = outputs === '' ? '' : `; written to ${outputs}`;
  reporter.info(`Evaluation completed: ${iteration} batches${place}`);
  reporter.send({ type: 'finished', status: 'completed', bestMetric: key?.value ?? NO_SCORE });
}
