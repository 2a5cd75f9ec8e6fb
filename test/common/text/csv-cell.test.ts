import { describe, expect, it } from 'vitest';
import { formatCsvCell, readCsvCell } from '../../../common/text/csv-cell.ts';

describe('a cell of CSV', () => {
  it.each([
    ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
    ['+1', `'+1`],
    ['  @SUM(A1)', `'  @SUM(A1)`],
    ['-2', `'-2`],
    ['＝1', `'＝1`],
    ['\t=1', `'\t=1`],
    ['\r=1', `"'\r=1"`],
    ['a, "b"', `"a, ""b"""`],
    ['plain', 'plain'],
    ["'tis", "'tis"],
    ['', ''],
  ])('%j is %j and can be read back', (text, cell) => {
    expect(formatCsvCell(text)).toBe(cell);
    expect(readCsvCell(cell)).toBe(text);
  });

  it('is quoted for the delimiter that is used', () => {
    expect(formatCsvCell('a\tb', '\t')).toBe('"a\tb"');
    expect(formatCsvCell('a,b', '\t')).toBe('a,b');
  });
});
