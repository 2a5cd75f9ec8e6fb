/** Texts of MLflow's refusals, in the wording that its clients and their users know. */

/** A value as MLflow's messages show it: JSON in ASCII. */
function showValue(value: unknown): string {
  const text = value === undefined ? 'null' : JSON.stringify(value);
  return text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function invalidValue(path: string, value: unknown, why?: string): string {
  const head = `Invalid value ${showValue(value)} for parameter '${path}' supplied`;
  return why === undefined ? `${head}.` : `${head}: ${why}`;
}

export const missingValue = (path: string): string => `Missing value for required parameter '${path}'.`;

export const tooLong = (name: string, limit: number): string =>
  `'${name}' exceeds the maximum length of ${limit} characters`;

/** A word of a message in quotes, as Python shows a string. */
export function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return `${mark}${mark === "'" ? escaped.replaceAll("'", "\\'") : escaped}${mark}`;
}
