import type { PolynomialLRArgs, ReducePolyArgs } from '../../common/components/lr-schedulers.ts';
import type { LrSchedule, LrScheduleContext } from './lr-schedule.ts';

/** rate * (1 - epoch / total) ^ power; 0 from `total` on. */
function createPolynomialDecay(learningRate: number, total: number, power: number): LrSchedule {
  return (epoch) => learningRate * (1 - Math.min(epoch, total) / total) ** power;
}

/** `torch.optim.lr_scheduler.PolynomialLR`. */
export function createPolynomialSchedule(
  args: PolynomialLRArgs,
  { learningRate }: LrScheduleContext,
): LrSchedule {
  return createPolynomialDecay(learningRate, args.total_iters, args.power);
}

/** Clara 3's `ReducePoly`: polynomial decay over all epochs of the training. */
export function createReducePolySchedule(
  args: ReducePolyArgs,
  { learningRate, epochs }: LrScheduleContext,
): LrSchedule {
  return createPolynomialDecay(learningRate, epochs, args.poly_power);
}
