import type { ExponentialLRArgs } from '../../common/components/lr-schedulers.ts';
import type { LrSchedule, LrScheduleContext } from './lr-schedule.ts';

/** `torch.optim.lr_scheduler.ExponentialLR`: rate * gamma ^ epoch. */
export function createExponentialSchedule(
  args: ExponentialLRArgs,
  { learningRate }: LrScheduleContext,
): LrSchedule {
  return (epoch) => learningRate * args.gamma ** epoch;
}
