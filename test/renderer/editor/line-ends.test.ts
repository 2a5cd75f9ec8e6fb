import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, encodeText } from '../../../renderer/editor/line-ends.ts';

describe('line ends', () => {
  it('come back as they were, whatever they are', () => {
    const piece = fc.constantFrom('\r\n', '\n', '\r', 'a', '\ufeff', '');
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join('')),
        (raw) => {
          const { text, form } = decodeText(raw);
          expect(encodeText(text, form)).toBe(raw);
        },
      ),
    );
  });

  it('of Windows are kept out of the text, and written for new lines too', () => {
    const { text, form } = decodeText('\ufeff{\r\n}\r\n');
    expect(text).toBe('{\n}\n');
    expect(encodeText('{\n\n}\n', form)).toBe('\ufeff{\r\n\r\n}\r\n');
  });

  it('of several kinds stay in the text', () => {
    expect(decodeText('a\r\nb\n').text).toBe('a\r\nb\n');
  });
});
