/**
 * JSON as Python writes it, with a space after `:` and `,` and in ASCII: what MLflow keeps in tags is the same text
 * whoever wrote it.
 */
export function toPythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toPythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([key, member]) => `${toPythonJson(key)}: ${toPythonJson(member)}`).join(', ')}}`;
  }
  return (JSON.stringify(value) ?? 'null').replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
