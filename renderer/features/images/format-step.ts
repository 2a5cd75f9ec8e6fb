import type { DrawnValue } from '../../../common/preview-protocol.ts';
import { formatDuration, formatNumber } from '../../ui/format.ts';

/** What a step took, for people: `12 ms`, `3 s`. */
export function formatTiming(seconds: number): string {
  if (seconds < 0.001) return '< 1 ms';
  return seconds < 1
    ? `${Math.round(seconds * 1000)} ms`
    : seconds < 10
      ? `${seconds.toFixed(1)} s`
      : formatDuration(seconds);
}

/** What was drawn, for people: `yes`, `0.03`, `12, 40, 7`. */
export function formatDraw(value: DrawnValue['value']): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  return [value]
    .flat()
    .map((part) => formatNumber(part, 4))
    .join(', ');
}

/** The arguments of a component as its config has them. */
export function formatArguments(args: Readonly<Record<string, unknown>>): readonly {
  readonly name: string;
  readonly value: string;
}[] {
  return Object.entries(args).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? value : JSON.stringify(value).replaceAll(',', ', '),
  }));
}
