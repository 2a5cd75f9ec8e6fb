import { isJsonObject, type Json } from '../json.ts';

/** How a JSON file is written, so that what is added looks like the rest. */
export interface TextStyle {
  /** One level of indentation. */
  readonly unit: string;
  /** A space inside the braces of an object on one line. */
  readonly hasBraceSpace: boolean;
  /** What is longer than this goes on several lines. */
  readonly width: number;
}

const DEFAULT_WIDTH = 100;

/** Reads the style off a text: its first indented line, and its first object on one line. */
export function detectStyle(text: string): TextStyle {
  const unit = /\n([ \t]+)["{[\d]/.exec(text)?.[1] ?? '  ';
  const object = /\{( ?)"[^\n{}]*\}/.exec(text)?.[1];
  return { unit, hasBraceSpace: object !== '', width: DEFAULT_WIDTH };
}

/** The white space that the line of an offset begins with. */
export function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))![0];
}

/** The number of characters before an offset on its line. */
export function columnAt(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/**
 * Writes a value: on one line where it fits, else a line per entry.
 *
 * @param indent what the line that the value begins on is indented by
 * @param column where on that line it begins
 */
export function formatValue(value: Json, style: TextStyle, indent = '', column = indent.length): string {
  const inline = formatInline(value, style);
  // One character is left for the comma.
  if (column + inline.length < style.width || typeof value !== 'object' || value === null) return inline;
  const inner = indent + style.unit;
  if (Array.isArray(value)) {
    const lines = value.map((item: Json) => inner + formatValue(item, style, inner));
    return `[\n${lines.join(',\n')}\n${indent}]`;
  }
  const lines = Object.entries(value).map(([key, item]) => {
    const head = `${inner}${JSON.stringify(key)}: `;
    return head + formatValue(item as Json, style, inner, head.length);
  });
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

function formatInline(value: Json, style: TextStyle): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => formatInline(item, style)).join(', ')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${formatInline(item, style)}`,
  );
  if (entries.length === 0) return '{}';
  const space = style.hasBraceSpace ? ' ' : '';
  return `{${space}${entries.join(', ')}${space}}`;
}

/** A whole document, formatted anew. */
export function formatDocument(value: Json, style: TextStyle): string {
  return `${formatValue(value, style)}\n`;
}
