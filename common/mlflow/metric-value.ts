import { z } from 'zod';
import type { Metric } from './entities.ts';

const SPELLINGS = { NaN: NaN, Infinity: Infinity, '-Infinity': -Infinity } as const;

/** A metric's value as it is on the wire: JSON has no NaN and no infinities, so these are words. */
export type WireNumber = number | keyof typeof SPELLINGS;

/** A value of the wire, as a number. */
export const wireNumber = z.union([
  z.number(),
  z.enum(['NaN', 'Infinity', '-Infinity']).transform((word) => SPELLINGS[word]),
]);

/** A number as JSON can carry it. */
export function encodeNumber(value: number): WireNumber {
  return Number.isFinite(value) ? value : (String(value) as keyof typeof SPELLINGS);
}

/** A metric as JSON can carry it; the same object where nothing has to change. */
export function encodeMetric<T extends Pick<Metric, 'value'>>(
  metric: T,
): Omit<T, 'value'> & { value: WireNumber } {
  return Number.isFinite(metric.value) ? metric : { ...metric, value: encodeNumber(metric.value) };
}
