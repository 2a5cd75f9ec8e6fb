import { describe, expect, it } from 'vitest';
import { formatFault } from '../../common/fault.ts';

describe('a fault on one line', () => {
  it('says where, what, and what is allowed', () => {
    expect(
      formatFault({
        code: 'unknown-argument',
        file: 'config/config_train.json',
        path: ['train', 'loss', 'args', 'softmaxx'],
        component: 'DiceLoss',
        argument: 'softmaxx',
        message: 'There is no such argument.',
        allowed: 'softmax',
      }),
    ).toBe(
      'config/config_train.json: train.loss.args.softmaxx: DiceLoss.softmaxx: There is no such argument. Allowed: softmax.',
    );
  });

  it.each([
    ['It failed', 'It failed. Allowed: another.'],
    ['It failed.', 'It failed. Allowed: another.'],
    ['Did you mean it?', 'Did you mean it? Allowed: another.'],
    ['value (NaN)', 'value (NaN). Allowed: another.'],
  ])('ends its message with a full stop: %s', (message, line) => {
    expect(formatFault({ code: 'user-code', message, allowed: 'another' })).toBe(line);
  });

  it('names a line and column where a file could not be parsed', () => {
    expect(formatFault({ code: 'json-syntax', file: 'a.json', line: 3, message: 'It is no JSON.' })).toBe(
      'a.json:3:1: It is no JSON.',
    );
  });
});
