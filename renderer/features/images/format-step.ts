import { formatDuration } from '../../ui/format.ts';

/** What a step took, for people: `12 ms`, `3 s`. */
export function formatTiming(seconds: number): string {
  if (seconds < 0.001) return '< 1 ms';
  return seconds < 1
    ? `${Math.round(seconds * 1000)} ms`
    : seconds < 10
      ? `${seconds.toFixed(1)} s`
      : formatDuration(seconds);
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
