import type { TensorBoardStatsHandlerArgs } from '../../common/components/handlers.ts';
import type { Engine, Handler } from '../engines/engine.ts';
import type { EventWriter } from '../tensorboard/event-writer.ts';
import { readShowLoss } from './show-loss.ts';
import { stateAttributeReader } from './state-attributes.ts';

export interface TensorBoardContext {
  /** The writer of a folder, the same for all handlers that name it; whoever gives it also closes it. */
  readonly openEventWriter: (folder: string) => EventWriter;
  /** Text that the trainer's first handler puts in front: the config. */
  readonly configText: string;
}

/**
 * `monai.handlers.TensorBoardStatsHandler` (0.8.1): the loss by step and the metrics by epoch; beside these the value
 * per class (`val_mean_dice/class_1`), the learning rate, and the config as text.
 */
export function createTensorBoardStatsHandler(
  args: TensorBoardStatsHandlerArgs,
  context: TensorBoardContext,
): Handler {
  const showLoss = readShowLoss(args.output_transform, 'TensorBoardStatsHandler');
  const readAttributes = stateAttributeReader(args.state_attributes, 'TensorBoardStatsHandler');
  return {
    name: 'TensorBoardStatsHandler',
    attach(engine) {
      const writer = (): EventWriter => context.openEventWriter(args.log_dir);
      engine.on('STARTED', () => {
        if (engine.kind === 'trainer') writeStart(engine, writer(), context.configText);
      });
      engine.on('ITERATION_COMPLETED', () => {
        const { output, iteration } = engine.state;
        if (showLoss && output.loss !== undefined && iteration % args.iteration_interval === 0) {
          writer().scalar(args.tag_name, output.loss, iteration);
        }
      });
      engine.on('EPOCH_COMPLETED', () => {
        if (engine.state.epoch % args.epoch_interval !== 0) return;
        writeEpoch(engine, writer());
        for (const [name, value] of readAttributes(engine.state))
          writer().scalar(name, value, engine.state.epoch);
      });
    },
  };
}

function writeStart({ state }: Engine, writer: EventWriter, configText: string): void {
  if (state.iteration > 0) writer.restart(state.iteration + 1);
  else writer.text('train_conf', `\`\`\`json\n${configText}\n\`\`\``, 0);
}

function writeEpoch({ state }: Engine, writer: EventWriter): void {
  const { epoch, metrics, learningRate } = state;
  if (learningRate !== undefined) writer.scalar('learning_rate', learningRate, epoch);
  for (const { label, value, perClass = [], firstClass } of metrics) {
    if (value !== null) writer.scalar(label, value, epoch);
    perClass.forEach((classValue, index) => {
      if (classValue !== null) writer.scalar(`${label}/class_${firstClass + index}`, classValue, epoch);
    });
  }
}
