import { describe, expect, it } from 'vitest';
import { mmarId } from '../../../../common/api/ids.ts';
import { makeParameterAxis, makeScoreAxis } from '../../../../common/charts/parameter-axis.ts';
import { stepScores } from '../../../../common/charts/score-steps.ts';
import type { SearchParameter } from '../../../../common/search-space/search-space.ts';
import { plotContour, plotScores, plotSlice } from '../../../../renderer/features/results/plot-data.ts';
import { ResultsModel } from '../../../../renderer/features/results/results.svelte.ts';
import { makeRow } from '../runs/make-row.ts';

const base = { domain: 'x', conditions: [] };
const rate: SearchParameter = { ...base, prl: 'lr', type: 'float', args: ['lr'], min: 0, max: 1, log: false };
const norm: SearchParameter = {
  ...base,
  prl: 'norm',
  type: 'enum',
  args: ['norm'],
  choices: [['batch'], ['instance']],
};
const [x, y] = [makeParameterAxis(rate, 'lr'), makeParameterAxis(norm, 'norm')];
const scoreAxis = makeScoreAxis([0, 1], 'dice');
const rows = [
  makeRow(1, { score: 0.5, values: { lr: 0.2, norm: 0 } }),
  makeRow(2, { score: 0.9, values: { lr: 0.6, norm: 1 } }),
  makeRow(3, { values: { lr: 0.4, norm: 1 }, state: 'failed' }),
  makeRow(4, { score: 0.7, values: { norm: 1 } }),
];

describe('plots of results', () => {
  it('show scores in their order, with steps that end at the edge', () => {
    const steps = stepScores(
      [0.5, 0.4, 0.8].map((score, index) => ({
        job: `j${index}`,
        score,
        endedAt: new Date(index * 1000).toISOString(),
      })),
      new Date(0).toISOString(),
    );
    const { points, line, ticks } = plotScores(steps, scoreAxis);
    expect(points.map(({ y: unit, isBest }) => [unit, isBest])).toEqual([
      [0.5, true],
      [0.4, false],
      [0.8, true],
    ]);
    expect(line.points.map((point) => point.y)).toEqual([0.5, 0.5, 0.8, 0.8]);
    expect(line.points.at(-1)!.x).toBe(1);
    expect(ticks.map(({ text }) => text)).toEqual(['1', '2', '3']);
    expect(plotScores([], scoreAxis).points).toEqual([]);
  });
  it('show only jobs that have a place on both axes', () => {
    const marginal = { prl: 'lr', x: [0, 0.5, 1], mean: [0.2, 0.6, 0.4], spread: [0.1, 0.1, 0.1] };
    const { points, lines } = plotSlice(rows, x, scoreAxis, marginal);
    expect(points.map(({ key }) => key)).toEqual(['W1_1_J1', 'W1_2_J2']);
    expect(lines[0]!.points.map((point) => point.y)).toEqual([0.2, 0.6, 0.4]);
    expect(lines[1]!.points[0]!.y).toBeCloseTo(0.3);
    expect(plotSlice(rows, x, scoreAxis, undefined).lines).toEqual([]);
  });
  it('fill the plane with what is expected', () => {
    const grid = { x: [0, 0.5, 1], y: [0, 1], mean: [0, 1, 2, 3, 4, 5] };
    const { cells, points } = plotContour(rows, x, y, grid, 'W1_2_J2');
    const area = cells.reduce((sum, { x0, x1, y0, y1 }) => sum + (x1 - x0) * (y1 - y0), 0);
    expect(area).toBeCloseTo(1, 9);
    expect(cells[0]!.share).toBe(0);
    expect(cells.at(-1)!.share).toBe(1);
    expect(points.find(({ key }) => key === 'W1_2_J2')!.isBest).toBe(true);
  });
});

describe('results', () => {
  const model = (): ResultsModel => {
    const results = new ResultsModel(mmarId.parse('mmar0001'), 'run1');
    results.run.take({
      seq: 1,
      isReset: true,
      isComplete: true,
      jobs: [...rows],
      notes: [],
      space: { parameters: [rate, norm] as never },
    });
    return results;
  };
  it('rank jobs, those without a score last', () => {
    expect(model().ranked.map(({ number }) => number)).toEqual([2, 4, 1, 3]);
    expect(model().scored).toHaveLength(3);
    expect(model().scoreCount).toBe(3);
  });
  it('keep what passes the brushes of any axis', () => {
    const results = model();
    expect(results.kept).toBeUndefined();
    results.brushes = new Map([['norm', [0.6, 1] as const]]);
    expect([...results.kept!]).toEqual(['W1_2_J2', 'W1_4_J4']);
    results.brushes = new Map([
      ['norm', [0.6, 1] as const],
      ['lr', [0, 1] as const],
    ]);
    expect([...results.kept!]).toEqual(['W1_2_J2']);
  });
  it('choose two different parameters for the contour', () => {
    const results = model();
    expect([results.first?.key, results.second?.key]).toEqual(['lr', 'norm']);
    results.chosenParameter = 'norm';
    expect([results.first?.key, results.second?.key]).toEqual(['norm', 'lr']);
    results.secondParameter = 'norm';
    expect(results.second?.key).toBe('lr');
  });
  it('describe a job in a few lines', () => {
    expect(model().describe('W1_2_J2').split('\n')).toEqual(['W1_2_J2: 0.9', 'lr: 0.6', 'norm: instance']);
    expect(model().describe('W1_4_J4')).toContain('lr: –');
    expect(model().describe('none')).toBe('none');
  });
});
