import type { DrawnValue, PreviewStep } from '../../../common/preview-protocol.ts';
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

/**
 * What a step drew for one of the items after it: a crop draws for each patch that it makes of an item, others for the item that
 * comes in.
 */
export function drawsOf({ draws, items, boxes }: PreviewStep, item: number): readonly DrawnValue[] {
  const isCut = items > 1 && boxes.length === items && draws.length === items;
  return isCut ? [draws[item]!] : draws.filter((draw) => draw.item === item);
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
