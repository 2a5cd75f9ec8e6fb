import { isJsonObject, type Json, type JsonPath } from '../../../common/json.ts';
import { isIdentifyingKey, matchText, type IdentifyingRule } from './identifying-rules.ts';

/** A place that looks as if it told who a patient is. What stands there is never repeated. */
export interface IdentifyingFinding {
  readonly rule: IdentifyingRule;
  /** Relative to the MMAR. */
  readonly file: string;
  readonly path?: JsonPath;
  /** From 1. */
  readonly line?: number;
  /** A field of an image's header. */
  readonly field?: string;
}

/** What a file's own name gives away. */
export function scanFileName(file: string): readonly IdentifyingFinding[] {
  return matchText(file, true).map((rule) => ({ rule, file }));
}

/** Text, line by line. */
export function scanText(file: string, text: string): readonly IdentifyingFinding[] {
  return text
    .split(/\r?\n/)
    .flatMap((line, index) => matchText(line, false).map((rule) => ({ rule, file, line: index + 1 })));
}

/** JSON: its keys, and each text in it; entries of data lists are about one case each. */
export function scanJson(file: string, json: Json): readonly IdentifyingFinding[] {
  const isDataList = isJsonObject(json) && Object.values(json).some(holdsCases);
  const findings: IdentifyingFinding[] = [];
  const visit = (value: Json, path: JsonPath, isOfOneCase: boolean): void => {
    if (typeof value === 'string' || typeof value === 'number') {
      const text = String(value);
      findings.push(
        ...matchText(text, isOfOneCase && typeof value === 'string').map((rule) => ({ rule, file, path })),
      );
    } else if (Array.isArray(value)) {
      (value as readonly Json[]).forEach((item, index) => visit(item, [...path, index], isOfOneCase));
    } else if (isJsonObject(value)) {
      for (const [key, item] of Object.entries(value)) {
        const at = [...path, key];
        if (isIdentifyingKey(key) && holdsSomething(item))
          findings.push({ rule: 'dicom-attribute', file, path: at });
        visit(item, at, isOfOneCase || (isDataList && path.length === 0 && Array.isArray(item)));
      }
    }
  };
  visit(json, [], false);
  return findings;
}

function holdsCases(value: Json): boolean {
  return Array.isArray(value) && value.some((item: Json) => isJsonObject(item) && 'image' in item);
}

/** `{}`, `[]`, empty texts and null say nothing. */
function holdsSomething(value: Json): boolean {
  if (value === null || value === '' || typeof value === 'boolean') return false;
  if (Array.isArray(value)) return value.some(holdsSomething);
  if (isJsonObject(value)) return Object.values(value).some(holdsSomething);
  return true;
}
