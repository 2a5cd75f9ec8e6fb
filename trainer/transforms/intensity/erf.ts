/** 2 / sqrt(pi) */
const SCALE = 1.1283791670955126;
const SERIES_LIMIT = 3;
const SATURATION = 6;
const PRECISION = 1e-17;
const FRACTION_DEPTH = 60;

/**
 * The error function to about 1e-15: its Maclaurin series near 0 (Abramowitz and Stegun 7.1.6, all terms of one sign), the
 * continued fraction of its complement further out (7.1.14).
 */
export function erf(x: number): number {
  const distance = Math.abs(x);
  const value =
    distance < SERIES_LIMIT ? sumSeries(distance) : distance > SATURATION ? 1 : 1 - complement(distance);
  return x < 0 ? -value : value;
}

function sumSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > PRECISION * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return SCALE * Math.exp(-x * x) * sum;
}

function complement(x: number): number {
  let fraction = x;
  for (let n = FRACTION_DEPTH; n > 0; n--) fraction = x + n / 2 / fraction;
  return (SCALE / 2) * (Math.exp(-x * x) / fraction);
}
