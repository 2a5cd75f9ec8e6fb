/** What JSON lacks, and the words that stand for it. */
export const NUMBER_WORDS = { NaN: NaN, Infinity: Infinity, '-Infinity': -Infinity } as const;

/** A metric's value as it is on the wire: JSON has no NaN and no infinities, so these are words. */
export type WireNumber = number | keyof typeof NUMBER_WORDS;

/** A number as JSON can carry it. */
export function encodeNumber(value: number): WireNumber {
  return Number.isFinite(value) ? value : (String(value) as keyof typeof NUMBER_WORDS);
}

/** A metric as JSON can carry it; the same object where nothing has to change. */
export function encodeMetric<T extends { readonly value: number }>(
  metric: T,
): Omit<T, 'value'> & { value: WireNumber } {
  return Number.isFinite(metric.value) ? metric : { ...metric, value: encodeNumber(metric.value) };
}
