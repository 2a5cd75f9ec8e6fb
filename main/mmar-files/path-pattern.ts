import { fail, succeed, type Result } from '../../common/fault.ts';

/** A path with wildcards that finds files, and makes the path of another file of what they stood for. */
export interface PathPattern {
  /** The folder that every match stands in; empty for the place that paths start from. */
  readonly folder: string;
  /** How many wildcards there are. */
  readonly wildcards: number;
  /** What each wildcard stands for in a path; undefined for a path that does not match. */
  match(path: string): readonly string[] | undefined;
  /** The pattern with its wildcards filled in, in order. */
  fill(parts: readonly string[]): string;
}

const WILDCARD = /\*\*\/|\*\*|\*/g;

/**
 * Reads `images/*.nii.gz`: `*` stands for any part of a name, `**` for any folders.
 *
 * Fails with `usage` for an empty pattern.
 */
export function readPathPattern(text: string): Result<PathPattern> {
  const pattern = text.trim().replaceAll('\\', '/').replace(/^\.\//, '');
  if (pattern === '')
    return fail({
      code: 'usage',
      argument: 'pattern',
      message: 'The pattern is empty.',
      allowed: 'a path with * in it, such as images/*.nii.gz',
    });
  const literals = pattern.split(WILDCARD);
  const wildcards = pattern.match(WILDCARD) ?? [];
  const source = literals
    .map(
      (literal, index) => escape(literal) + (index < wildcards.length ? expressionOf(wildcards[index]!) : ''),
    )
    .join('');
  const expression = new RegExp(`^${source}$`);
  return succeed({
    folder: literals[0]!.split('/').slice(0, -1).join('/'),
    wildcards: wildcards.length,
    match: (path) => expression.exec(path)?.slice(1),
    fill: (parts) =>
      literals.map((literal, index) => (index === 0 ? '' : (parts[index - 1] ?? '')) + literal).join(''),
  });
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function expressionOf(wildcard: string): string {
  if (wildcard === '*') return '([^/]*)';
  return wildcard === '**' ? '(.*)' : '((?:[^/]+/)*)';
}
