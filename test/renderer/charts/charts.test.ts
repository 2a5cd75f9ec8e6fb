import { describe, expect, it } from 'vitest';
import { joinCurves } from '../../../renderer/charts/join-curves.ts';
import { brushBetween, findLine, keptLines } from '../../../renderer/charts/parallel-lines.ts';
import { findNearest, PlotArea, thinTicks } from '../../../renderer/charts/plot-area.ts';
import { mixColours } from '../../../renderer/charts/plot-colours.ts';

const curve = (key: string, x: readonly number[], y: readonly (number | null)[]) => ({
  key,
  label: key,
  colour: '#000',
  x,
  y,
});

describe('curves of jobs with other epochs', () => {
  it('become one table', () => {
    expect(joinCurves([curve('a', [1, 2, 4], [3, 2, 1]), curve('b', [2, 3], [5, null])])).toEqual([
      [1, 2, 3, 4],
      [3, 2, undefined, 1],
      [undefined, 5, null, undefined],
    ]);
    expect(joinCurves([])).toEqual([[]]);
  });
  it('lose points that a screen could not show, never the last', () => {
    const x = Array.from({ length: 10_001 }, (_, index) => index);
    const [joined] = joinCurves([curve('a', x, x)]);
    expect(joined.length).toBeLessThanOrEqual(1501);
    expect(joined.at(-1)).toBe(10_000);
  });
});

describe('a plot', () => {
  const area = new PlotArea(120, 110, { top: 10, right: 10, bottom: 0, left: 10 });
  it('places the unit square in what its margins leave', () => {
    expect([area.x(0), area.x(1), area.y(0), area.y(1)]).toEqual([10, 110, 110, 10]);
    expect([area.unitOfX(60), area.unitOfY(60)]).toEqual([0.5, 0.5]);
  });
  it('leaves out ticks that would run into each other', () => {
    const ticks = [0, 0.1, 0.5, 1].map((unit) => ({ unit, text: 'abcd' }));
    expect(thinTicks(ticks, 100, (text) => text.length * 5).map(({ unit }) => unit)).toEqual([0, 0.5, 1]);
  });
  it('finds the point under the mouse', () => {
    const points = [
      { key: 'a', x: 0, y: 0 },
      { key: 'b', x: 10, y: 0 },
    ];
    expect(findNearest(points, 7, 1)?.key).toBe('b');
    expect(findNearest(points, 100, 1)).toBeUndefined();
  });
  it('mixes colours of the theme', () => {
    expect(mixColours('#000000', '#ff8000', 0.5)).toBe('rgb(128 64 0)');
    expect(mixColours('#102030', '#ffffff', -1)).toBe('rgb(16 32 48)');
  });
});

describe('lines over parallel axes', () => {
  const axes = [{ key: 'lr' }, { key: 'norm' }, { key: 'score' }];
  const lines = [
    { key: 'a', units: [0.1, 0.5, 0.9], share: 0.9 },
    { key: 'b', units: [0.8, undefined, 0.2], share: 0.2 },
    { key: 'c', units: [0.9, 0.5, 0.3], share: 0.3 },
  ];
  it('are kept where they pass all brushes', () => {
    expect(keptLines(lines, axes, new Map())).toBeUndefined();
    expect([...keptLines(lines, axes, new Map([['lr', [0.7, 1]]]))!]).toEqual(['b', 'c']);
    expect([
      ...keptLines(
        lines,
        axes,
        new Map([
          ['lr', [0.7, 1]],
          ['norm', [0, 1]],
        ]),
      )!,
    ]).toEqual(['c']);
    expect([...keptLines(lines, axes, new Map([['gone', [0.7, 1]]]))!]).toEqual(['a', 'b', 'c']);
  });
  it('are brushed by a drag either way, and let go by a click', () => {
    expect(brushBetween(0.8, 0.2)).toEqual([0.2, 0.8]);
    expect(brushBetween(-0.3, 0.2)).toEqual([0, 0.2]);
    expect(brushBetween(0.5, 0.505)).toBeUndefined();
  });
  it('are found between two axes', () => {
    expect(findLine(lines, 0, 0.5, 0.31, 0.05)).toBe('a');
    expect(findLine(lines, 0, 0.5, 0.69, 0.05)).toBe('c');
    expect(findLine(lines, 0, 0.5, 0.5, 0.05)).toBeUndefined();
  });
});
