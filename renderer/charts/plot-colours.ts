import { readToken } from '../ui/palette.ts';

/** The variables of tokens.css that canvases draw with. */
export interface PlotColours {
  readonly surface: string;
  readonly grid: string;
  readonly axis: string;
  readonly text: string;
  readonly faint: string;
  readonly accent: string;
  readonly warn: string;
  readonly font: string;
}

/** What they are in the theme that is shown. */
export function readPlotColours(): PlotColours {
  return {
    surface: readToken('--color-surface'),
    grid: readToken('--chart-grid'),
    axis: readToken('--chart-axis'),
    text: readToken('--color-text'),
    faint: readToken('--chart-8'),
    accent: readToken('--color-accent'),
    warn: readToken('--chart-2'),
    font: `11px ${readToken('--font-sans')}`,
  };
}

/** A colour between two `#rrggbb`, as `rgb()`. @param share 0: the first, 1: the second */
export function mixColours(first: string, second: string, share: number): string {
  const [a, b] = [parseHex(first), parseHex(second)];
  const part = Math.min(1, Math.max(0, share));
  return `rgb(${a.map((value, index) => Math.round(value + (b[index]! - value) * part)).join(' ')})`;
}

function parseHex(colour: string): readonly number[] {
  const digits = /^#([0-9a-f]{6})$/i.exec(colour)?.[1] ?? '808080';
  return [0, 2, 4].map((from) => Number.parseInt(digits.slice(from, from + 2), 16));
}
