import { describe, expect, it } from 'vitest';
import { parseProgressLine } from '../../../main/node/progress-line.ts';
import { LineSplitter } from '../../../main/node/split-lines.ts';

describe('a line of a training command', () => {
  it("is progress when it has the mark, in the site's own words", () => {
    const line = {
      outerloop_progress: 1,
      epoch: 3,
      epochs: 50,
      iterations_per_epoch: 40,
      loss: 0.41,
      learning_rate: 0.001,
      metrics: { val_mean_dice: 0.7 },
      per_class: { val_mean_dice: [0.8, null] },
      key_metric: 'val_mean_dice',
      best_metric: 0.71,
      best_epoch: 2,
      seconds_left: 120,
    };
    expect(parseProgressLine(`  ${JSON.stringify(line)}\n`)).toEqual({
      type: 'progress',
      progress: {
        epoch: 3,
        epochs: 50,
        iterationsPerEpoch: 40,
        loss: 0.41,
        learningRate: 0.001,
        metrics: { val_mean_dice: 0.7 },
        perClass: { val_mean_dice: [0.8, null] },
        keyMetric: 'val_mean_dice',
        bestMetric: 0.71,
        bestEpoch: 2,
        secondsLeft: 120,
      },
    });
  });

  it('may hold a number that Python alone writes', () => {
    expect(parseProgressLine('{"outerloop_progress": 1, "epoch": 2, "loss": NaN}')).toEqual({
      type: 'progress',
      progress: { epoch: 2, loss: null },
    });
  });

  it('is a message when it is one of our own trainer', () => {
    const message = { type: 'iteration', epoch: 1, iteration: 2, loss: 0.5, learningRate: 0.01 };
    expect(parseProgressLine(JSON.stringify(message))).toEqual(message);
  });

  it.each([
    'epoch 3 of 50',
    '{"epoch": 3}',
    '{"type": "dog"}',
    '{"outerloop_progress": 2, "epoch": 3}',
    '{"outerloop_progress": 1, "epoch": "three"}',
    '{"outerloop_progress": 1,',
    'null',
  ])('is neither: %s', (line) => {
    expect(parseProgressLine(line)).toBeUndefined();
  });
});

describe('output in pieces', () => {
  const split = (...pieces: string[]): [string, boolean][] => {
    const taken: [string, boolean][] = [];
    const lines = new LineSplitter((text, isWhole) => taken.push([text, isWhole]));
    for (const piece of pieces) lines.push(piece);
    lines.end();
    return taken;
  };

  it('is put together where it could be JSON', () => {
    expect(split('a\n{"x"', ': 1}\n', '{"y": 2}\nb\n')).toEqual([
      ['a\n', true],
      ['{"x": 1}\n', true],
      ['{"y": 2}\n', true],
      ['b\n', true],
    ]);
  });

  it('is passed on as it comes elsewhere, as progress bars have no line ends', () => {
    expect(split('10 %\r', '20 %\r', '{done}\n', '{"x": 1}')).toEqual([
      ['10 %\r', true],
      ['20 %\r', false],
      ['{done}\n', false],
      ['{"x": 1}', true],
    ]);
  });
});
