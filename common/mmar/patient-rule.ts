import { fail, succeed, type Fault, type Result } from '../fault.ts';
import type { Json, JsonObject } from '../json.ts';

/**
 * How to tell which cases are of one patient: a regular expression that finds the patient in the path of the image (its
 * first group, or all that it matches), or a field that each case of the list has.
 */
export type PatientRule = { readonly pattern: string } | { readonly field: string };

/** What a rule looks at. */
export interface CaseOfPatient {
  /** Paths as the list writes them. */
  readonly image: readonly string[];
  readonly fields: JsonObject;
}

/** Cases that are named in one message. */
const MOST_NAMED = 5;

/**
 * The patient of each case. Never guesses: a case whose patient the rule does not tell could lie on both sides of a split.
 *
 * Fails with `usage` for a pattern that is no regular expression, and `data-list` when cases have no patient by the rule.
 */
export function findPatients(cases: readonly CaseOfPatient[], rule: PatientRule): Result<readonly string[]> {
  const reader = makeReader(rule);
  if (!reader.ok) return reader;
  const patients = cases.map((item) => reader.value(item));
  const without = cases.filter((_, index) => patients[index] === undefined);
  if (without.length > 0) return fail(noPatient(without, cases.length, rule));
  return succeed(patients.map((patient) => patient!));
}

type PatientReader = (item: CaseOfPatient) => string | undefined;

function makeReader(rule: PatientRule): Result<PatientReader> {
  if ('field' in rule) return succeed(({ fields }) => textOf(fields[rule.field]));
  try {
    const pattern = new RegExp(rule.pattern, 'u');
    return succeed(({ image: [path = ''] }) => {
      const found = pattern.exec(path);
      return found?.[1] ?? found?.[0];
    });
  } catch {
    return fail({
      code: 'usage',
      argument: 'patients',
      message: `"${rule.pattern}" is no regular expression.`,
      allowed: 'one that finds the patient in the path of an image, such as (sub-\\d+)',
    });
  }
}

function textOf(value: Json | undefined): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function noPatient(without: readonly CaseOfPatient[], total: number, rule: PatientRule): Fault {
  const named = without.slice(0, MOST_NAMED).map(({ image: [path = 'a case without an image'] }) => path);
  const more = without.length > named.length ? ` and ${without.length - named.length} more` : '';
  const missing = 'field' in rule ? `have no field "${rule.field}"` : `do not match "${rule.pattern}"`;
  return {
    code: 'data-list',
    argument: 'patients',
    message: `${without.length} of ${total} cases ${missing}: ${named.join(', ')}${more}.`,
    allowed: 'a rule that tells the patient of every case',
  };
}
