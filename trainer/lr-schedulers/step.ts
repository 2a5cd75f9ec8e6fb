import type { StepLRArgs } from '../../common/components/lr-schedulers.ts';
import type { LrSchedule, LrScheduleContext } from './lr-schedule.ts';

/** `torch.optim.lr_scheduler.StepLR`: rate * gamma ^ floor(epoch / step_size). */
export function createStepSchedule(args: StepLRArgs, { learningRate }: LrScheduleContext): LrSchedule {
  return (epoch) => learningRate * args.gamma ** Math.floor(epoch / args.step_size);
}
