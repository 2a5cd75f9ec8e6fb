import { describe, expect, it } from 'vitest';
import { makePrintable } from '../../../common/text/printable.ts';

describe('a text for a terminal', () => {
  it.each([
    ['\u001b[2Jgone', '␛[2Jgone'],
    ['\u001b]8;;http://x\u0007link', '␛]8;;http://x␇link'],
    ['score 0.9\rscore 0.1', 'score 0.9␍score 0.1'],
    ['a\bb\u007f\u009b31m', 'a␈b␡�31m'],
    ['evil\u202etxt.sh\u2066', 'evil�txt.sh�'],
  ])('shows %j and does not act on it', (text, shown) => {
    expect(makePrintable(text)).toBe(shown);
  });

  it('stays as it is otherwise', () => {
    const text = 'Größe 脳\t1 … 🧠\nline two';
    expect(makePrintable(text)).toBe(text);
    expect(makePrintable('one\r\ntwo')).toBe('one\ntwo');
  });
});
