import type { ArtifactKind } from '../../../common/api/remotes.ts';
import type { AllowList, Verdict } from './allow-list.ts';

/** What of a file may go: all of it, a text without some of its lines, or nothing. */
export type FileReview =
  | { readonly send: 'file' }
  | { readonly send: 'text'; readonly text: string; readonly rule: string }
  | { readonly send: 'nothing'; readonly rule: string };

/** What this program and MLflow write themselves: their times and ids, which runs have too, Clara's number for no score, sizes. */
const OWN_WORDS: Partial<Record<ArtifactKind, RegExp>> = {
  leaderboard: /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z\b|(?<=,)-1000000(?=,)/g,
  model:
    /^(?:utc_time_created: ['"]?\d{4}-\d\d-\d\d[T ][\d:.]+['"]?|model_size_bytes: \d+|(?:model_id|model_uuid|run_id): (?:m-)?[0-9a-f]{32}|artifact_path: mlflow-artifacts:\/\d+\/models\/m-[0-9a-f]{32}\/artifacts)$/gm,
  log: /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/gm,
};
/** Weights and pictures: nothing to read in them. */
const BINARY = /\.(?:onnx|png|jpe?g)$/i;

/** True for a file whose text has to be read before it is sent. */
export function hasReadableText(path: string): boolean {
  return !BINARY.test(path);
}

/**
 * Reads a text file for what must stay here. A config, a leaderboard, a model's description goes as a whole or not at all; a
 * log goes without the lines that must stay.
 */
export function reviewText(kind: ArtifactKind, path: string, text: string, allowList: AllowList): FileReview {
  // what is written in another way cannot be read here, and could be there
  if (/[\0\ufffd]/.test(text)) return { send: 'nothing', rule: 'a file that is no text in UTF-8' };
  const ownWords = OWN_WORDS[kind];
  const withoutOwn = ownWords === undefined ? text : text.replace(ownWords, '');
  if (kind === 'log') return reviewLog(text, withoutOwn, allowList);
  const verdict = path.endsWith('.json')
    ? judgeJson(withoutOwn, allowList)
    : judgeLines(withoutOwn, allowList);
  return verdict.ok ? { send: 'file' } : { send: 'nothing', rule: verdict.rule };
}

function reviewLog(text: string, withoutOwn: string, allowList: AllowList): FileReview {
  let rule: string | undefined;
  const bare = withoutOwn.split('\n');
  const lines = text.split('\n').map((line, index) => {
    const verdict = allowList.judgeContent(bare[index] ?? '');
    if (verdict.ok) return line;
    rule ??= verdict.rule;
    return `[held back: ${verdict.rule}]`;
  });
  return rule === undefined ? { send: 'file' } : { send: 'text', text: lines.join('\n'), rule };
}

function judgeJson(text: string, allowList: AllowList): Verdict {
  let json: unknown;
  try {
    // Python writes NaN and Infinity, which JSON does not have
    json = JSON.parse(text.replace(/(?<=[:[,]\s*)-?(?:NaN|Infinity)\b/g, 'null'));
  } catch {
    return { ok: false, rule: 'a file that is no JSON' };
  }
  for (const word of wordsOf(json)) {
    const verdict = allowList.judgeContent(word);
    if (!verdict.ok) return verdict;
  }
  return { ok: true };
}

function judgeLines(text: string, allowList: AllowList): Verdict {
  for (const line of text.split('\n')) {
    const verdict = allowList.judgeContent(line);
    if (!verdict.ok) return verdict;
  }
  return { ok: true };
}

/** All keys and texts of a JSON document. Numbers are measurements. */
function* wordsOf(json: unknown): Generator<string> {
  if (typeof json === 'string') yield json;
  else if (Array.isArray(json)) for (const item of json as readonly unknown[]) yield* wordsOf(item);
  else if (typeof json === 'object' && json !== null)
    for (const [key, item] of Object.entries(json)) {
      yield key;
      yield* wordsOf(item);
    }
}
