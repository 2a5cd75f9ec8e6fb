import { supervisedTrainerSpec, type SupervisedTrainerArgs } from '../../common/components/engines.ts';
import type { ValidationHandlerArgs } from '../../common/components/handlers.ts';
import { FaultError, unwrap } from '../../common/fault.ts';
import { parseArguments } from '../../common/mmar/parse-arguments.ts';
import { componentOf, type ComponentNode } from '../../common/mmar/resolved-config.ts';
import type { DataLoader } from '../datasets/batch.ts';
import type { Handler } from '../engines/engine.ts';
import { SupervisedTrainer, type RunStep } from '../engines/supervised-trainer.ts';
import type { LrScheduler } from '../lr-schedulers/lr-scheduler.ts';
import type { Loss } from '../losses/loss.ts';
import { createModelState, type ModelState } from '../model/model-state.ts';
import { createTrainStepPool } from '../model/step-pool.ts';
import type { TrainStep } from '../model/train-step.ts';
import type { Network } from '../networks/network.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { BuildContext } from './build-context.ts';
import { buildEvaluation } from './build-evaluation.ts';
import { buildHandlers, type HandlerPartners } from './build-handlers.ts';
import { buildMetrics } from './build-metrics.ts';
import { buildLoss, buildLrScheduler, buildNetwork, buildOptimizer } from './build-model.ts';
import { bestSaver, finalSaver } from './default-savers.ts';
import { requireMemory } from './require-memory.ts';
import { refuseOwnEngine } from './refuse-own-engine.ts';
import { saveablesOf } from './saveables.ts';
import { onlyNode, type Slot } from './slots.ts';
import type { Evaluation, ProgramHandlers, Training } from './training.ts';
import { tryBatch } from './try-out.ts';

/**
 * The objects of a train config, each made when something first refers to it, from the trainer on.
 *
 * @throws FaultError for whatever stands in the way, such as an interval at which validation never comes
 */
export function buildTraining(context: BuildContext, programHandlers: ProgramHandlers): Training {
  const { slots, log, signal } = context;
  const core = buildCore(context);
  const { node, args, network, optimizer, state, loader } = core;
  const built: BuiltLater = {};
  const handlers = buildTrainHandlers(context, core, built, programHandlers);
  const metrics = buildMetrics(context, node, 'train', 'key_train_metric');
  const wantPrediction = metrics.slots.length > 0 || handlers.some((handler) => handler.needsPredictions);
  const step = createStep(context, core, wantPrediction);
  const runStep: RunStep = (image, label, learningRate) => step.run(state, { image, label }, learningRate);
  const postprocess =
    slots.follow(node, 'postprocessing', 'train', 'transform', context.data.postprocessOf) ??
    ((items) => items);
  const trainer = new SupervisedTrainer({
    maxEpochs: args.max_epochs,
    loader,
    ...(args.epoch_length !== null && { epochLength: args.epoch_length }),
    runStep,
    classCount: network.outChannels,
    learningRate: built.scheduler?.learningRate ?? optimizer.learningRate,
    postprocess,
    metrics,
    handlers,
    log,
    signal,
  });
  built.trainer = trainer;
  const { scheduler, evaluation } = built;
  return {
    trainer,
    network,
    state,
    scheduler,
    loader,
    evaluation,
    handlers,
    requireMemory: (memory) => requireMemory(context, core, memory),
    tryFirstBatch: () =>
      tryBatch(runStep, network.outChannels, trainer.state.learningRate!, { loader, postprocess, metrics }),
    async dispose() {
      await step.dispose();
      await loader[Symbol.asyncDispose]();
      await evaluation?.dispose();
    },
  };
}

/** What a training cannot do without. */
interface TrainingCore {
  readonly node: ComponentNode;
  readonly args: SupervisedTrainerArgs;
  readonly network: Network;
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly loader: DataLoader;
  readonly state: ModelState;
}

/** What is built because something refers to it, and what is there only when everything else is. */
interface BuiltLater {
  scheduler?: LrScheduler;
  evaluation?: Evaluation;
  trainer?: SupervisedTrainer;
}

function buildCore(context: BuildContext): TrainingCore {
  const { slots, seed, data } = context;
  const node = findTrainer(context);
  const args = unwrap(parseArguments(node, supervisedTrainerSpec, slots.config.file));
  refuseWindows(context, node);
  const network = slots.require(node, 'network', 'train', 'network', (slot) => buildNetwork(context, slot));
  const optimizer = slots.require(node, 'optimizer', 'train', 'optimizer', (slot) =>
    buildOptimizer(context, slot),
  );
  const loss = slots.require(node, 'loss_function', 'train', 'loss', (slot) => buildLoss(context, slot));
  const loader = slots.require(node, 'train_data_loader', 'train', 'dataloader', data.loaderOf);
  return { node, args, network, optimizer, loss, loader, state: createModelState(network, seed, optimizer) };
}

function createStep(
  { threads, provider }: BuildContext,
  { network, loss, optimizer }: TrainingCore,
  wantPrediction: boolean,
): TrainStep {
  return createTrainStepPool({
    network,
    loss,
    optimizer,
    wantPrediction,
    threads,
    ...(provider && { provider }),
  });
}

/** The handlers of trainer and, through them, of the evaluator: the config's, then those of the program. */
function buildTrainHandlers(
  context: BuildContext,
  core: TrainingCore,
  built: BuiltLater,
  programHandlers: ProgramHandlers,
): readonly Handler[] {
  const { slots } = context;
  const { node, args, network, optimizer, state, loader } = core;
  const scheduler = (slot: Slot): LrScheduler =>
    (built.scheduler ??= buildLrScheduler(context, slot, args.max_epochs));
  const partners: HandlerPartners = {
    saveables: saveablesOf(context, {
      state,
      learningRate: () => built.trainer?.state.learningRate ?? optimizer.learningRate,
      setLearningRate: (rate) => built.trainer?.setLearningRate(rate),
      scheduler: () => slots.build({ section: 'train', slot: 'lr_scheduler' }, scheduler),
    }),
    buildLrScheduler: scheduler,
    buildEvaluator: (slot) =>
      (built.evaluation ??= buildEvaluation(context, slot, { network, state }, validationHandlers)).evaluator,
    checkInterval: (handler) => refuseIdleValidation(handler, args, loader),
  };
  const validationHandlers = (slot: Slot | undefined, hasKeyMetric: boolean): readonly Handler[] => {
    const configured = slot === undefined ? [] : buildHandlers(context, slot, partners);
    const savers = hasKeyMetric ? bestSaver(context, configured, partners) : [];
    return [...configured, ...savers, ...programHandlers.validate];
  };
  const configured =
    slots.follow(node, 'train_handlers', 'train', 'handler', (slot) =>
      buildHandlers(context, slot, partners),
    ) ?? [];
  return [...configured, ...finalSaver(context, configured, partners), ...programHandlers.train];
}

function findTrainer({ slots }: BuildContext): ComponentNode {
  const { file, sections } = slots.config;
  const node = componentOf(sections.train, 'trainer');
  if (node === undefined) {
    throw new FaultError({
      code: 'schema',
      file,
      path: ['train', 'trainer'],
      message: 'The train section has no trainer.',
      allowed: '{"name": "SupervisedTrainer", "args": {...}}',
    });
  }
  refuseOwnEngine(node, file);
  return node;
}

/** A training step differentiates through one pass of the network: there are no windows in it. */
function refuseWindows({ slots }: BuildContext, node: ComponentNode): void {
  const name = slots.follow(node, 'inferer', 'train', 'inferer', (slot) => onlyNode(slot).name);
  if (name === undefined || name === 'SimpleInferer') return;
  throw new FaultError(
    slots.fault(node, 'inferer', {
      code: 'wrong-argument',
      message: `A training step gives whole batches to the network, so ${name} cannot be its inferer.`,
      allowed: 'SimpleInferer, with a transform that crops patches',
    }),
  );
}

function refuseIdleValidation(
  { interval, epoch_level }: ValidationHandlerArgs,
  { max_epochs, epoch_length }: SupervisedTrainerArgs,
  loader: DataLoader,
): void {
  const steps = max_epochs * (epoch_length ?? loader.batchCount);
  const last = epoch_level ? max_epochs : steps;
  if (interval <= last) return;
  throw new FaultError({
    code: 'validation-never-runs',
    message: `Validation comes every ${interval} ${epoch_level ? 'epochs' : 'steps'}, but the training has only ${last}.`,
    component: 'ValidationHandler',
    argument: 'interval',
    allowed: `1 to ${last}`,
  });
}
