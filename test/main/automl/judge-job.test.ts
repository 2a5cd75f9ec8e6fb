import { describe, expect, it } from 'vitest';
import { adoptResult, judgeJob, type TrainingEnd } from '../../../main/automl/judge-job.ts';
import { parseJobStats } from '../../../main/automl/read-train-stats.ts';

const end = (changes: Partial<TrainingEnd> = {}): TrainingEnd => ({
  exit: { code: 0, signal: null },
  wasAborted: false,
  ...changes,
});
const FILE = 'models/train_stats.json';

describe('train_stats.json', () => {
  it('of our trainer says status, score and epochs', () => {
    const text = JSON.stringify({
      outerloop_train_stats: 1,
      status: 'completed',
      best_metric: 0.8,
      best_epoch: 4,
      epochs: 6,
      max_epochs: 6,
      train: [],
      validation: [],
    });
    expect(parseJobStats(text)).toEqual({ status: 'completed', score: 0.8, bestEpoch: 4, epochs: 6 });
  });

  it('of a foreign trainer needs no more than best_metric', () => {
    expect(parseJobStats('{"best_metric": 0.5, "fold": 3}')).toEqual({ score: 0.5 });
    expect(parseJobStats('{"best_metric": -1000000.0}')).toEqual({});
    expect(parseJobStats('{"best_metric": null}')).toEqual({});
  });

  it('with a NaN, as Python writes it, has diverged', () => {
    expect(parseJobStats('{"best_metric": NaN}')).toEqual({
      status: 'diverged',
      reason: 'the best metric is NaN',
    });
    expect(parseJobStats('{"best_metric":-Infinity}')).toMatchObject({ status: 'diverged' });
  });

  it.each(['', '{', '[]', '{"best_metric": "0.5"}', '{"dice": 0.5}'])(
    'as %j cannot be understood',
    (text) => {
      expect(parseJobStats(text)).toBeUndefined();
    },
  );
});

describe('a job', () => {
  it.each([
    [
      'completed',
      { status: 'completed', score: 0.8, bestEpoch: 2 } as const,
      end(),
      { status: 'completed', score: 0.8, bestEpoch: 2, exitCode: 0 },
    ],
    [
      'completed by a foreign trainer',
      { score: 0.8 },
      end(),
      { status: 'completed', score: 0.8, exitCode: 0 },
    ],
    [
      'completed although its process then crashed',
      { status: 'completed', score: 0.8 } as const,
      end({ exit: { code: null, signal: 'SIGSEGV' } }),
      { status: 'completed', score: 0.8, exitCode: null },
    ],
    [
      'failed with its reason and faults',
      undefined,
      end({
        exit: { code: 1, signal: null },
        lastError: 'no image',
        faults: [{ code: 'image-missing', message: 'gone' }],
      }),
      {
        status: 'failed',
        reason: 'no image',
        exitCode: 1,
        faults: [{ code: 'image-missing', message: 'gone' }],
      },
    ],
    [
      'failed without a word',
      undefined,
      end({ exit: { code: 3, signal: null } }),
      { status: 'failed', reason: 'the training ended with exit code 3; see log.txt', exitCode: 3 },
    ],
    [
      'failed by a foreign trainer that exits with an error after all',
      { score: 0.8 },
      end({ exit: { code: 1, signal: null } }),
      { status: 'failed', reason: 'the training ended with exit code 1; see log.txt', exitCode: 1 },
    ],
    [
      'killed from outside',
      { status: 'running', score: 0.2 } as const,
      end({ exit: { code: null, signal: 'SIGKILL' } }),
      {
        status: 'failed',
        reason: expect.stringContaining(
          'ended by SIGKILL, as the system does when memory runs out',
        ) as string,
        exitCode: null,
      },
    ],
    [
      'ended without a result',
      undefined,
      end(),
      { status: 'failed', reason: `the training ended without writing a readable ${FILE}`, exitCode: 0 },
    ],
    [
      'diverged',
      { status: 'diverged', reason: 'loss is NaN', score: 0.1 } as const,
      end(),
      { status: 'diverged', reason: 'loss is NaN', exitCode: 0 },
    ],
    [
      'hung',
      { status: 'running', score: 0.4 } as const,
      end({ idleSeconds: 60, exit: { code: null, signal: 'SIGKILL' } }),
      { status: 'timeout', reason: 'no sign of life for 60 seconds', score: 0.4, exitCode: null },
    ],
    [
      'aborted',
      { status: 'aborted', score: 0.4, epochs: 3 } as const,
      end({ wasAborted: true }),
      { status: 'aborted', score: 0.4, epochs: 3, exitCode: 0 },
    ],
  ])('that %s', (_, stats, how, expected) => {
    expect(judgeJob(stats, how, FILE)).toEqual(expected);
  });

  it('that was found finished is adopted, any other is run again', () => {
    expect(adoptResult({ status: 'completed', score: 1 })).toEqual({
      status: 'completed',
      score: 1,
      adopted: true,
    });
    expect(adoptResult({ status: 'diverged' })).toEqual({
      status: 'diverged',
      reason: 'the loss became NaN or infinite',
      adopted: true,
    });
    for (const status of ['running', 'failed', 'aborted'] as const)
      expect(adoptResult({ status, score: 1 })).toBeUndefined();
    expect(adoptResult({ score: 1 })).toBeUndefined();
    expect(adoptResult(undefined)).toBeUndefined();
  });
});
