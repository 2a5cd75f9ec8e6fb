// @vitest-environment node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../../../renderer/ui/tokens.css'), 'utf8');

/** The colours that a theme gives, by the names of their variables. */
function readTheme(name: 'dark' | 'light'): Map<string, string> {
  const block = new RegExp(`\\[data-theme='${name}'\\]\\s*{([^}]*)}`).exec(css)?.[1] ?? '';
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/gi)].map(([, key, value]) => [key!, value!]),
  );
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2.2, contrast ratio. */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const surfaces = ['color-bg', 'color-surface', 'color-raised', 'color-overlay', 'color-sheet'];
const texts = ['color-text', 'color-text-muted', 'color-text-faint', 'color-accent-text'];
const meanings = ['info', 'ok', 'warn', 'error'];

it('computes the ratios that the standard gives', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

describe.each(['dark', 'light'] as const)('%s theme', (name) => {
  const theme = readTheme(name);
  const colour = (key: string): string => {
    const found = theme.get(key);
    if (found === undefined) throw new Error(`tokens.css has no --${key} in the ${name} theme`);
    return found;
  };
  const ratio = (text: string, surface: string): number => contrast(colour(text), colour(surface));

  it.each(texts.flatMap((text) => [...surfaces, 'color-control'].map((surface) => [text, surface] as const)))(
    '%s can be read on %s',
    (text, surface) => {
      // Faint text stands on surfaces, never on controls.
      if (text === 'color-text-faint' && surface === 'color-control') return;
      expect(ratio(text, surface)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(meanings)('%s can be read on its own colour and on every surface', (meaning) => {
    for (const surface of [...surfaces, `color-${meaning}-soft`])
      expect(ratio(`color-${meaning}`, surface)).toBeGreaterThanOrEqual(4.5);
    expect(ratio('color-text-muted', `color-${meaning}-soft`)).toBeGreaterThanOrEqual(4.5);
  });

  it('buttons can be read in all their states', () => {
    for (const state of ['', '-hover']) {
      expect(ratio('color-on-accent', `color-accent${state}`)).toBeGreaterThanOrEqual(4.5);
      expect(ratio('color-on-danger', `color-danger${state}`)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('edges of controls, the focus and curves stand out', () => {
    for (const surface of surfaces) {
      expect(ratio('color-border-strong', surface)).toBeGreaterThanOrEqual(3);
      expect(ratio('color-focus', surface)).toBeGreaterThanOrEqual(3);
      for (let index = 1; index <= 8; index++)
        expect(ratio(`chart-${index}`, surface)).toBeGreaterThanOrEqual(3);
    }
  });

  it('code can be read', () => {
    for (const kind of ['key', 'string', 'number', 'keyword', 'comment', 'punctuation'])
      for (const surface of ['color-bg', 'color-surface', 'color-sheet'])
        expect(ratio(`syntax-${kind}`, surface)).toBeGreaterThanOrEqual(4.5);
  });
});
