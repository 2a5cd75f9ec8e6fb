import type { StatsHandlerArgs } from '../../common/components/handlers.ts';
import type { Engine, EngineState, Handler } from '../engines/engine.ts';
import type { MetricResult } from '../engines/metric-slots.ts';
import { formatFixed } from './format-number.ts';
import { readShowLoss } from './show-loss.ts';
import { stateAttributeReader } from './state-attributes.ts';

/**
 * `monai.handlers.StatsHandler` (0.8.1), with its lines: `Epoch: 1/5, Iter: 3/10 -- train_loss: 0.1234` per step,
 * `Epoch[1] Metrics -- val_acc: 0.9 val_mean_dice: 0.8` and `Key metric: ...` per epoch. A metric that has classes gets
 * a line with the value of each, since a class that is never found hides in a mean.
 */
export function createStatsHandler(args: StatsHandlerArgs): Handler {
  const showLoss = readShowLoss(args.output_transform, 'StatsHandler');
  const readAttributes = stateAttributeReader(args.state_attributes, 'StatsHandler');
  return {
    name: 'StatsHandler',
    attach(engine) {
      engine.on('ITERATION_COMPLETED', () => {
        const { loss } = engine.state.output;
        if (showLoss && loss !== undefined) engine.log.info(iterationLine(engine.state, args.tag_name, loss));
      });
      engine.on('EPOCH_COMPLETED', () => {
        logEpoch(engine);
        const attributes = readAttributes(engine.state);
        if (attributes.length > 0) engine.log.info(`State values: ${formatPairs(attributes)}`);
      });
    },
  };
}

function iterationLine(
  { epoch, maxEpochs, iteration, epochLength }: EngineState,
  tag: string,
  loss: number,
): string {
  const withinEpoch = ((iteration - 1) % epochLength) + 1;
  return `Epoch: ${epoch}/${maxEpochs}, Iter: ${withinEpoch}/${epochLength} -- ${tag}: ${formatFixed(loss)}`;
}

function logEpoch({ state, log }: Engine): void {
  const { epoch, metrics, bestMetric, bestMetricEpoch } = state;
  if (metrics.length === 0) return;
  const sorted = [...metrics].sort((a, b) => (a.label < b.label ? -1 : 1));
  log.info(`Epoch[${epoch}] Metrics -- ${formatPairs(sorted.map(({ label, value }) => [label, value]))}`);
  for (const metric of sorted) {
    if (metric.perClass !== undefined)
      log.info(`Epoch[${epoch}] ${metric.label} per class -- ${formatClasses(metric)}`);
  }
  const key = metrics.find(({ isKey }) => isKey);
  if (key !== undefined) {
    log.info(`Key metric: ${key.label} best value: ${formatFixed(bestMetric)} at epoch: ${bestMetricEpoch}`);
  }
}

const formatPairs = (pairs: readonly (readonly [string, number | null])[]): string =>
  pairs.map(([name, value]) => `${name}: ${formatFixed(value)}`).join(' ');

const formatClasses = ({ perClass = [], firstClass }: MetricResult): string =>
  formatPairs(perClass.map((value, index) => [String(firstClass + index), value]));
