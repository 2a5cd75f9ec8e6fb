import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { TrackedRun } from '../../../../common/api/tracking.ts';
import { TrackingModel } from '../../../../renderer/features/tracking/tracking.svelte.ts';

const asked: { filter: string; orderBy: string[]; page?: string }[] = [];
let nextPage: string | undefined;
const makeRun = (name: string): TrackedRun => ({
  run: name,
  experiment: '1',
  name,
  status: 'FINISHED',
  isDeleted: false,
  metrics: {},
  params: {},
  tags: {},
  datasets: [],
});

vi.mock('../../../../renderer/api.ts', () => ({
  api: {
    tracking: {
      columns: async () => ({ metrics: [], params: [], tags: [] }),
      runs: async (question: { filter: string; orderBy: string[]; page?: string }) => {
        asked.push(question);
        return {
          runs: [makeRun(`run${asked.length}`)],
          nextPage: question.page === undefined ? nextPage : undefined,
        };
      },
    },
  },
}));

beforeEach(() => {
  asked.length = 0;
  nextPage = 'second';
});

const byScore = { key: 'metrics.score', descending: true };

describe('runs of which more follow', () => {
  it('are ordered by the store, and the pages that follow too', async () => {
    const model = new TrackingModel();
    await model.search('');
    await model.sort(byScore);
    expect(asked.map(({ orderBy }) => orderBy)).toEqual([[], ['metrics.`score` DESC']]);
    expect(model.isOrdered).toBe(true);
    await model.readMore();
    expect(asked.at(-1)).toMatchObject({ orderBy: ['metrics.`score` DESC'], page: 'second' });
    expect(model.runs).toHaveLength(2);
    expect(model.isOrdered).toBe(false);
  });

  it('come in their first order again when no order is wanted any more', async () => {
    const model = new TrackingModel();
    await model.search('');
    await model.sort(byScore);
    await model.sort(undefined);
    expect(asked.at(-1)!.orderBy).toEqual([]);
  });

  it('are left to the table where the store knows no such order', async () => {
    const model = new TrackingModel();
    await model.search('');
    await model.sort({ key: 'seconds', descending: true });
    expect(asked).toHaveLength(1);
    expect(model.isOrdered).toBe(false);
    expect(model.sorting?.key).toBe('seconds');
  });
});

it('all runs that are there are ordered by the table, without a question', async () => {
  nextPage = undefined;
  const model = new TrackingModel();
  await model.search('');
  await model.sort(byScore);
  expect(asked).toHaveLength(1);
  expect(model.isOrdered).toBe(false);
});

it('the kind is asked of the store, together with the filter', async () => {
  const model = new TrackingModel();
  await model.search('metrics.score > 0.5');
  await model.showKind('searches');
  await model.showKind('jobs');
  await model.search('');
  await model.showKind('all');
  expect(asked.map(({ filter }) => filter)).toEqual([
    'metrics.score > 0.5',
    'metrics.score > 0.5 AND tags.`mlflow.parentRunId` IS NULL',
    'metrics.score > 0.5 AND tags.`mlflow.parentRunId` IS NOT NULL',
    'tags.`mlflow.parentRunId` IS NOT NULL',
    '',
  ]);
});
