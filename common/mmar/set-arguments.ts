import { fail, succeed, type Fault, type Result } from '../fault.ts';

/** A value of `--set`, typed as Clara types it. */
export type SetValue = string | number | boolean;

/** What `--set a=1 b=x` said. */
export interface SetArguments {
  readonly values: Readonly<Record<string, SetValue>>;
  /** The same as text, for names and lists: `run_id=1e3` is meant as `1e3`, `workers=0` as `0`. */
  readonly texts: Readonly<Record<string, string>>;
}

const INTEGER = /^\s*[+-]?\d+(_\d+)*\s*$/;
const FLOAT = /^\s*[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?\s*$/i;
const TRUE_WORDS = ['y', 'yes', 't', 'true', 'on'];
const FALSE_WORDS = ['n', 'no', 'f', 'false', 'off'];

/**
 * Parses the words after `--set` as Clara does: split at the first `=`, key trimmed, value an integer, else a float,
 * else a boolean word (y, yes, t, true, on, n, no, f, false, off in any case), else a string. A later word wins.
 *
 * Other than Python's `float`, `nan` and `inf` stay strings: JSON has no such numbers.
 */
export function parseSetArguments(words: readonly string[]): Result<SetArguments> {
  const faults: Fault[] = [];
  const texts: [string, string][] = [];
  for (const word of words) {
    const split = word.indexOf('=');
    const key = word.slice(0, Math.max(split, 0)).trim();
    if (key === '')
      faults.push({
        code: 'usage',
        message: `--set ${JSON.stringify(word)} has no ${split < 0 ? 'value' : 'name'}.`,
        allowed: 'name=value',
      });
    else texts.push([key, word.slice(split + 1)]);
  }
  if (faults.length > 0) return fail(...faults);
  return succeed({
    values: Object.fromEntries(texts.map(([key, text]) => [key, parseSetValue(text)])),
    texts: Object.fromEntries(texts),
  });
}

/** One value of `--set`. */
export function parseSetValue(text: string): SetValue {
  if (INTEGER.test(text) || FLOAT.test(text)) return Number(text.trim().replaceAll('_', ''));
  const word = text.toLowerCase();
  if (TRUE_WORDS.includes(word)) return true;
  if (FALSE_WORDS.includes(word)) return false;
  return text;
}

/** The words that parse to the same again: for handing settings on to another process. */
export function formatSetArguments({ texts }: SetArguments): readonly string[] {
  return Object.entries(texts).map(([key, text]) => `${key}=${text}`);
}
