import type { JobRecord } from '../../../common/run/job-record.ts';
import type { JobProgress } from '../../../common/run/progress.ts';
import type { ConcreteSearchValue } from '../../../common/search-space/search-space.ts';
import { formatNumber, formatSeconds } from '../format.ts';

/** `learning_rate=0.0021 dice_disabled,dice_ce_disabled=true,false`: the point that a job tries. */
export function describeValues(concrete: ConcreteSearchValue): string {
  return Object.entries(concrete)
    .map(([prl, value]) => `${prl.slice(prl.indexOf(':') + 1)}=${describeValue(value)}`)
    .join(' ');
}

function describeValue(value: ConcreteSearchValue[string]): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(4)));
  return value.map((part) => (typeof part === 'object' ? JSON.stringify(part) : String(part))).join(',');
}

/** `epoch 7/20  loss 0.4321  val_mean_dice 0.7102 (best 0.7410)  0:12 left` */
export function describeProgress(progress: JobProgress): string {
  const { epoch, epochs, iteration, iterationsPerEpoch, loss, keyMetric, metrics, bestMetric, secondsLeft } =
    progress;
  if (epoch === undefined) return 'preparing';
  const inEpoch = iteration === undefined ? '' : ` (${iteration}/${iterationsPerEpoch ?? '?'})`;
  const parts = [`epoch ${epoch}/${epochs ?? '?'}${inEpoch}`, `loss ${formatNumber(loss)}`];
  if (keyMetric !== undefined) {
    parts.push(`${keyMetric} ${formatNumber(metrics?.[keyMetric])} (best ${formatNumber(bestMetric)})`);
  }
  if (secondsLeft !== undefined) parts.push(`${formatSeconds(secondsLeft)} left`);
  return parts.join('  ');
}

/** How a job ended, on one line. */
export function describeEnd(record: JobRecord): string {
  const { job, state, score, seconds, reason, concrete } = record;
  const result =
    state === 'completed' ? `score ${formatNumber(score)}` : `${state}${reason ? `: ${reason}` : ''}`;
  return `${job}  ${result}  in ${formatSeconds(seconds)}  ${describeValues(concrete)}`;
}
