import type { MetricSeries } from '../../../common/api/tracking.ts';
import type { CurveSeries } from '../../charts/join-curves.ts';
import { chartColour } from '../../ui/palette.ts';

const minuteMs = 60_000;

/** The curves of one metric, over steps or over the minutes since the first point of each run; a colour for each run. */
export function makeCurves(
  series: readonly MetricSeries[],
  metric: string,
  axis: 'step' | 'time',
  runs: readonly { readonly run: string; readonly name: string }[],
): readonly CurveSeries[] {
  return series
    .filter((one) => one.metric === metric)
    .map(({ run, steps, times, values }) => {
      const index = runs.findIndex((other) => other.run === run);
      const start = times[0] ?? 0;
      return {
        key: run,
        label: runs[index]?.name ?? run,
        colour: chartColour(Math.max(0, index)),
        isDashed: index >= 8,
        x: axis === 'step' ? steps : times.map((time) => (time - start) / minuteMs),
        y: values,
      };
    });
}
