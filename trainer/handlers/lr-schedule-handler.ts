import type { LrScheduleHandlerArgs } from '../../common/components/handlers.ts';
import type { Handler } from '../engines/engine.ts';
import type { LrScheduler } from '../lr-schedulers/lr-scheduler.ts';

/** `monai.handlers.LrScheduleHandler` (0.8.1): one step of the schedule after each epoch (or each training step). */
export function createLrScheduleHandler(args: LrScheduleHandlerArgs, scheduler: LrScheduler): Handler {
  return {
    name: 'LrScheduleHandler',
    attach(engine) {
      engine.on(args.epoch_level ? 'EPOCH_COMPLETED' : 'ITERATION_COMPLETED', () => {
        const rate = scheduler.advance();
        engine.setLearningRate(rate);
        if (args.print_lr) engine.log.info(`Current learning rate: ${Number(rate.toPrecision(6))}`);
      });
    },
  };
}
