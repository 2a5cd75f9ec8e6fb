import { numberFormat } from './number-format.svelte.ts';

/**
 * One way to write each kind of value, whatever the system's language is: a point and thin spaces unless the user's
 * settings say otherwise.
 */

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** `0.8123`, `12 345`, `1.2e-5`: so many significant digits as tell values apart, without noise. */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-3 || size >= 1e9)) {
    const [mantissa = '', exponent = ''] = value.toExponential(Math.max(0, digits - 2)).split('e');
    return `${write(String(Number(mantissa)))}e${exponent.replace('+', '')}`;
  }
  if (Number.isInteger(value)) return write(String(value));
  // Digits before the point are all told: 12 346, not 12 350.
  return write(
    size >= 10 ** (digits - 1) ? String(Math.round(value)) : String(Number(value.toPrecision(digits))),
  );
}

/** `0.8120`: a score with a fixed number of digits, so that columns align; as many as the settings say. */
export function formatScore(value: number, digits = numberFormat.scoreDigits): string {
  return Number.isFinite(value) ? write(value.toFixed(digits)) : 'NaN';
}

/** A plain decimal number as people want to see it: a real minus, groups of three, their decimal sign. */
function write(text: string): string {
  const [whole = '', fraction] = text.replace('-', '−').split('.');
  const grouped =
    numberFormat.thousands === 'space' ? whole.replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f') : whole;
  if (fraction === undefined) return grouped;
  return `${grouped}${numberFormat.decimals === 'comma' ? ',' : '.'}${fraction}`;
}

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `512 B`, `1.4 MB`, `288 GB`: powers of 1000, as disks are sold. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${write(power === 0 || value >= 100 ? String(Math.round(value)) : value.toFixed(1))} ${byteUnits[power]}`;
}

/** `8 s`, `4 min 05 s`, `2 h 10 min`, `3 d 4 h`: two units at most. */
export function formatDuration(seconds: number): string {
  const rest = Math.max(0, Math.round(seconds));
  if (rest < minute) return `${rest} s`;
  if (rest < hour) return `${Math.floor(rest / minute)} min ${String(rest % minute).padStart(2, '0')} s`;
  if (rest < day)
    return `${Math.floor(rest / hour)} h ${String(Math.floor((rest % hour) / minute)).padStart(2, '0')} min`;
  return `${Math.floor(rest / day)} d ${Math.floor((rest % day) / hour)} h`;
}

/** A moment as `2026-11-25 16:40`, in the machine's time zone. */
export function formatMoment(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '–';
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `just now`, `12 min ago`, `yesterday`, and the day itself when it is longer ago than a week. */
export function formatWhen(iso: string, now = Date.now()): string {
  const seconds = (now - new Date(iso).getTime()) / 1000;
  if (Number.isNaN(seconds)) return '–';
  if (seconds < 45) return 'just now';
  if (seconds < hour) return `${Math.max(1, Math.round(seconds / minute))} min ago`;
  if (seconds < day) return `${Math.round(seconds / hour)} h ago`;
  if (seconds < 2 * day) return 'yesterday';
  if (seconds < 7 * day) return `${Math.floor(seconds / day)} days ago`;
  return formatMoment(iso).slice(0, 10);
}

/** `1 job`, `3 jobs`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${write(String(count))} ${count === 1 ? one : many}`;
}
