import { afterEach, describe, expect, it } from 'vitest';
import {
  countOf,
  formatBytes,
  formatDuration,
  formatMoment,
  formatNumber,
  formatScore,
  formatWhen,
} from '../../../renderer/ui/format.ts';
import { numberFormat } from '../../../renderer/ui/number-format.svelte.ts';

afterEach(() => void Object.assign(numberFormat, { scoreDigits: 4, decimals: 'point', thousands: 'space' }));

it.each([
  [0, '0'],
  [12345, '12\u202f345'],
  [1234567.8, '1\u202f234\u202f568'],
  [0.81234567, '0.8123'],
  [-0.5, '−0.5'],
  [0.00002, '2e-5'],
  [0.0002854, '2.85e-4'],
  [3.2e12, '3.2e12'],
  [NaN, 'NaN'],
  [-Infinity, '−∞'],
])('writes %d as %s', (value, text) => expect(formatNumber(value)).toBe(text));

it('writes numbers as the settings say', () => {
  Object.assign(numberFormat, { decimals: 'comma', thousands: 'none', scoreDigits: 2 });
  expect(formatNumber(12345.5)).toBe('12346');
  expect(formatNumber(0.25)).toBe('0,25');
  expect(formatScore(0.876)).toBe('0,88');
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_400_000, '1.4 MB'],
  [288e9, '288 GB'],
])('writes %d bytes as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

it.each([
  [8.4, '8 s'],
  [245, '4 min 05 s'],
  [7800, '2 h 10 min'],
  [273_600, '3 d 4 h'],
  [-3, '0 s'],
])('writes %d seconds as %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

describe('moments', () => {
  const now = Date.parse('2026-03-10T12:00:00Z');
  it.each([
    ['2026-03-10T11:59:40Z', 'just now'],
    ['2026-03-10T11:48:00Z', '12 min ago'],
    ['2026-03-10T09:00:00Z', '3 h ago'],
    ['2026-03-09T08:00:00Z', 'yesterday'],
    ['2026-03-06T12:00:00Z', '4 days ago'],
    ['nonsense', '–'],
  ])('%s was %s', (iso, text) => expect(formatWhen(iso, now)).toBe(text));

  it('long ago are their day', () => {
    expect(formatWhen('2026-01-02T12:00:00Z', now)).toBe(formatMoment('2026-01-02T12:00:00Z').slice(0, 10));
    expect(formatMoment('nonsense')).toBe('–');
  });
});

it('counts in words', () => {
  expect([countOf(0, 'job'), countOf(1, 'job'), countOf(2, 'thing was', 'things were')]).toEqual([
    '0 jobs',
    '1 job',
    '2 things were',
  ]);
});
