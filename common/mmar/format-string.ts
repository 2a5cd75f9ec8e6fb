import type { Json } from '../json.ts';
import type { Variables } from './variables.ts';

/** What came of formatting: the text, or a name that nobody set, or a piece that is no plain `{name}`. */
export type Formatted =
  { readonly text: string } | { readonly unknownName: string } | { readonly unsupported: string };

/**
 * `"{MMAR_CKPT_DIR}/model.pt"` as Python's `str.format` fills it in, for plain `{name}` fields; `{{` and `}}` stand
 * for braces. Attributes, indices, conversions and format specifications are not supported.
 */
export function formatString(template: string, variables: Variables): Formatted {
  let text = '';
  for (const { 0: piece, groups } of template.matchAll(/\{\{|\}\}|\{(?<name>[^{}]*)\}|[{}]|[^{}]+/g)) {
    const name = groups?.name;
    if (name !== undefined) {
      if (!/^\w+$/.test(name)) return { unsupported: piece };
      if (!Object.hasOwn(variables, name)) return { unknownName: name };
      text += formatValue(variables[name]!);
    } else if (piece === '{' || piece === '}') return { unsupported: piece };
    else text += piece === '{{' ? '{' : piece === '}}' ? '}' : piece;
  }
  return { text };
}

/** A value as Python's `str` writes it. JSON does not tell `1.0` from `1`, so whole floats have no `.0` here. */
function formatValue(value: Json): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return formatNumber(value);
  return value === null ? 'None' : JSON.stringify(value);
}

/** Python changes to exponents below 1e-4 and writes them with two digits: `1e-05`. */
function formatNumber(value: number): string {
  const small = value !== 0 && Math.abs(value) < 1e-4;
  const text = small ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}
