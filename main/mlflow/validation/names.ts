import { invalidParameter } from '../../../common/mlflow/error.ts';
import { MLFLOW_LIMITS } from '../../../common/mlflow/limits.ts';
import { invalidValue, missingValue, quote, tooLong } from './messages.ts';

const KEY = /^[/\p{L}\p{N}_.\- :]*$/u;
const RUN_ID = /^[a-zA-Z0-9][\p{L}\p{N}_-]{0,255}$/u;
const ALIAS = /^[\p{L}\p{N}_-]*$/u;
const BAD_CHARACTERS =
  'Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).';
const KEY_MISSING = 'A key name must be provided.';

/** A path without `.`, `..` and doubled slashes, as POSIX has it; `.` for an empty one. */
export function normalizePath(path: string): string {
  if (path === '') return '.';
  const lead = path.startsWith('//') && !path.startsWith('///') ? '//' : path.startsWith('/') ? '/' : '';
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || (lead === '' && (parts.length === 0 || parts.at(-1) === '..'))) parts.push(part);
    else parts.pop();
  }
  return `${lead}${parts.join('/')}` || '.';
}

/** Keys may become file names somewhere: one that is another path than it says is refused. */
function checkPath(name: string, path: string): void {
  const normal = normalizePath(name);
  if (normal === name && normal !== '.' && !normal.startsWith('..') && !normal.startsWith('/')) return;
  throw invalidParameter(
    invalidValue(
      path,
      name,
      `Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to ${quote(normal)}`,
    ),
  );
}

function checkKey(name: string, path: string): void {
  if (!KEY.test(name)) throw invalidParameter(invalidValue(path, name, BAD_CHARACTERS));
  checkPath(name, path);
}

export function checkMetricKey(name: string | undefined, path: string): asserts name is string {
  if (name === undefined)
    throw invalidParameter(invalidValue(path, name, `Metric name cannot be None. ${KEY_MISSING}`));
  checkKey(name, path);
}

export function checkParamKey(name: string | undefined, path: string): asserts name is string {
  if (name === undefined) throw invalidParameter(invalidValue(path, '', KEY_MISSING));
  checkKey(name, path);
}

export function checkTagKey(name: string | undefined, path = 'key'): asserts name is string {
  if (name === undefined) throw invalidParameter(missingValue(path));
  checkKey(name, path);
}

export function checkLength(name: string, limit: number, text: string | undefined): void {
  // characters are counted, not UTF-16 units, and only where it can matter
  if (text !== undefined && text.length > limit && [...text].length > limit)
    throw invalidParameter(tooLong(name, limit));
}

/** The text, cut to a limit in characters. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const characters = [...text];
  return characters.length <= limit ? text : characters.slice(0, limit).join('');
}

export function checkRunId(id: string, path = 'run_id'): void {
  if (!RUN_ID.test(id)) throw invalidParameter(invalidValue(path, id));
}

/** The number of an experiment; MLflow's ids are integers written as text. */
export function parseExperimentId(id: string): number {
  const trimmed = id.trim();
  if (!/^[+-]?\d+(?:_\d+)*$/.test(trimmed))
    throw invalidParameter(`Invalid experiment ID '${id}'. Experiment ID must be a valid integer.`);
  const number = Number(trimmed.replaceAll('_', ''));
  // an id that no number can hold names no experiment; SQLite has none below -2^63 either
  return Number.isSafeInteger(number) ? number : -1;
}

export function checkExperimentName(name: string): void {
  if (name === '') throw invalidParameter(`Invalid experiment name: '${name}'`);
  checkLength('name', MLFLOW_LIMITS.experimentNameLength, name);
}

export function checkLoggedModelName(name: string): void {
  const bad = ['/', ':', '.', '%', '"', "'"];
  if (name !== '' && !bad.some((character) => name.includes(character))) return;
  throw invalidParameter(
    `Invalid model name (${quote(name)}) provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '"', "'")`,
  );
}

export function checkModelName(name: string): void {
  if (name.trim() === '') throw invalidParameter(missingValue('name'));
  if (name.includes('/') || name.includes(':'))
    throw invalidParameter(`Invalid model name '${name}'. Names cannot contain '/' or ':'.`);
  checkPath(name, 'name');
}

export function parseModelVersion(version: string): number {
  if (/^\s*[+-]?\d+\s*$/.test(version)) return Number(version);
  throw invalidParameter(`Parameter 'version' must be an integer, got '${version}'.`);
}

export function checkAlias(alias: string): void {
  if (alias === '') throw invalidParameter('Registered model alias name cannot be empty.');
  if (!ALIAS.test(alias))
    throw invalidParameter(
      `Invalid alias name: '${alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`,
    );
  checkLength('Registered model alias name', MLFLOW_LIMITS.aliasLength, alias);
}

export function checkAliasIsFree(alias: string): void {
  if (alias.toLowerCase() === 'latest')
    throw invalidParameter("'latest' alias name (case insensitive) is reserved.");
  if (/^v\d+$/i.test(alias)) throw invalidParameter(`Version alias name '${alias}' is reserved.`);
}
