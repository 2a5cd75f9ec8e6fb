import type { ValidationHandlerArgs } from '../../common/components/handlers.ts';
import type { Handler } from '../engines/engine.ts';
import type { SupervisedEvaluator } from '../engines/supervised-evaluator.ts';

/** `monai.handlers.ValidationHandler` (0.8.1): runs the evaluator every `interval` epochs (or training steps). */
export function createValidationHandler(
  args: ValidationHandlerArgs,
  evaluator: SupervisedEvaluator,
): Handler {
  return {
    name: 'ValidationHandler',
    attach(engine) {
      engine.on(args.epoch_level ? 'EPOCH_COMPLETED' : 'ITERATION_COMPLETED', async () => {
        const { epoch, maxEpochs, iteration } = engine.state;
        if ((args.epoch_level ? epoch : iteration) % args.interval === 0)
          await evaluator.run(epoch, maxEpochs);
      });
    },
  };
}
