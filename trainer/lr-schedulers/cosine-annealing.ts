import type { CosineAnnealingLRArgs } from '../../common/components/lr-schedulers.ts';
import type { LrSchedule, LrScheduleContext } from './lr-schedule.ts';

/**
 * `torch.optim.lr_scheduler.CosineAnnealingLR`: eta_min + (rate - eta_min) * (1 + cos(pi * epoch / T_max)) / 2. Past
 * T_max the rate rises again, as PyTorch's does.
 */
export function createCosineAnnealingSchedule(
  args: CosineAnnealingLRArgs,
  { learningRate }: LrScheduleContext,
): LrSchedule {
  const { T_max: halfPeriod, eta_min: lowest } = args;
  return (epoch) => lowest + ((learningRate - lowest) * (1 + Math.cos((Math.PI * epoch) / halfPeriod))) / 2;
}
