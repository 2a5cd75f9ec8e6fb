import { supervisedEvaluatorSpec } from '../../common/components/engines.ts';
import { unwrap } from '../../common/fault.ts';
import { parseArguments } from '../../common/mmar/parse-arguments.ts';
import type { Handler } from '../engines/engine.ts';
import { SupervisedEvaluator } from '../engines/supervised-evaluator.ts';
import type { Predict } from '../inferers/inferer.ts';
import type { ModelState } from '../model/model-state.ts';
import { createPredictorPool } from '../model/step-pool.ts';
import type { Network } from '../networks/network.ts';
import type { BuildContext } from './build-context.ts';
import { buildMetrics } from './build-metrics.ts';
import { buildInferer, defaultInferer } from './build-model.ts';
import { refuseOwnEngine } from './refuse-own-engine.ts';
import { onlyNode, type Slot } from './slots.ts';
import type { Evaluation } from './training.ts';
import { tryCase } from './try-out.ts';

/** The network to evaluate, with the weights that it has at the time. */
export interface EvaluatedModel {
  readonly network: Network;
  readonly state: ModelState;
}

/** The evaluator of a slot with everything that it refers to; `buildHandlers` makes the handlers, of a slot
 * where the config names one. */
export function buildEvaluation(
  context: BuildContext,
  slot: Slot,
  { network, state }: EvaluatedModel,
  buildHandlers: (slot: Slot | undefined, hasKeyMetric: boolean) => readonly Handler[],
): Evaluation {
  const { slots, log, signal, threads, provider } = context;
  const node = onlyNode(slot);
  refuseOwnEngine(node, slots.config.file);
  const args = unwrap(parseArguments(node, supervisedEvaluatorSpec, slots.config.file));
  const { section } = slot;
  const loader = slots.require(node, 'val_data_loader', section, 'dataloader', (found) =>
    context.data.loaderOf(found),
  );
  const pool = createPredictorPool({ network, threads, ...(provider && { provider }) });
  let lastWindow: readonly number[] | undefined;
  const predict: Predict = (images) => {
    lastWindow = images.shape;
    return pool.predict(state, images);
  };
  const inferer =
    slots.follow(node, 'inferer', section, 'inferer', (found) => buildInferer(context, found)) ??
    defaultInferer();
  const postprocess =
    slots.follow(node, 'postprocessing', section, 'transform', context.data.postprocessOf) ??
    ((items) => items);
  const metrics = buildMetrics(context, node, section, 'key_val_metric');
  const handlers =
    slots.follow(node, 'val_handlers', section, 'handler', (found) => buildHandlers(found, metrics.hasKey)) ??
    buildHandlers(undefined, metrics.hasKey);
  const evaluator = new SupervisedEvaluator({
    loader,
    ...(args.epoch_length !== null && { epochLength: args.epoch_length }),
    inferer,
    predict,
    postprocess,
    metrics,
    handlers,
    log,
    signal,
  });
  return {
    evaluator,
    network,
    state,
    loader,
    lastWindow: () => lastWindow,
    handlers,
    tryFirstCase: () => tryCase(inferer, predict, network.outChannels, { loader, postprocess, metrics }),
    async dispose() {
      await pool.dispose();
      await loader[Symbol.asyncDispose]();
    },
  };
}
