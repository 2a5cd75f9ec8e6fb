/** What a spreadsheet takes for a formula, also after spaces. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

/**
 * A text as a cell of CSV (RFC 4180). One that a spreadsheet would take for a formula gets an apostrophe before it: names and
 * choices come from files of somebody else.
 */
export function formatCsvCell(text: string, delimiter = ','): string {
  const plain = FORMULA.test(text) ? `'${text}` : text;
  const needsQuotes = /["\r\n]/.test(plain) || plain.includes(delimiter);
  return needsQuotes ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** The text of {@link formatCsvCell} again. */
export function readCsvCell(cell: string): string {
  const plain = /^".*"$/s.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell;
  return plain.startsWith("'") && FORMULA.test(plain.slice(1)) ? plain.slice(1) : plain;
}
