/** How numbers become places on an axis. */
export interface Scale {
  readonly domain: readonly [number, number];
  readonly log: boolean;
  /** Where a value stands, 0 at the low end and 1 at the high end; outside for values outside the domain. */
  unitOf(value: number): number;
  valueAt(unit: number): number;
}

/** @param log only for domains above zero; others become linear */
export function makeScale([low, high]: readonly [number, number], log = false): Scale {
  if (log && low > 0) {
    const [from, to] = [Math.log(low), Math.log(high)];
    return {
      domain: [low, high],
      log: true,
      unitOf: (value) => (to === from ? 0.5 : (Math.log(value) - from) / (to - from)),
      valueAt: (unit) => Math.exp(from + unit * (to - from)),
    };
  }
  return {
    domain: [low, high],
    log: false,
    unitOf: (value) => (high === low ? 0.5 : (value - low) / (high - low)),
    valueAt: (unit) => low + unit * (high - low),
  };
}

/** The smallest domain that holds all values, a little wider; [0, 1] for none. */
export function domainOf(values: readonly number[], padding = 0.04): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  const margin = high === low ? Math.abs(high) * padding || 0.5 : (high - low) * padding;
  return [low - margin, high + margin];
}

/** Round numbers in the domain, at most about `count`: multiples of 1, 2 or 5 times a power of ten, or powers of ten. */
export function ticksOf({ domain: [low, high], log }: Scale, count = 5): readonly number[] {
  return log && high / low >= 10 ? logTicks(low, high, count) : linearTicks(low, high, count);
}

function linearTicks(low: number, high: number, count: number): readonly number[] {
  const range = high - low;
  if (!(range > 0)) return [low];
  const rough = range / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * 0.999)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Products of whole numbers and the step, not sums, so that 0.3 is 0.3.
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    Number(((first + index) * step).toFixed(Math.min(20, digits))),
  );
}

function logTicks(low: number, high: number, count: number): readonly number[] {
  const from = Math.ceil(Math.log10(low) - 1e-9);
  const to = Math.floor(Math.log10(high) + 1e-9);
  const stride = Math.max(1, Math.ceil((to - from + 1) / count));
  return Array.from({ length: Math.max(0, Math.floor((to - from) / stride) + 1) }, (_, index) =>
    Number(`1e${from + index * stride}`),
  );
}
