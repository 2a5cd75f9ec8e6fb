import { ALLOWED_DIFFERENCES, findAllowed, type AllowedDifference } from './allowed-differences.ts';
import { ALL_STEPS } from './all-steps.ts';
import { describeDifferences } from './describe-difference.ts';
import type { Answer } from './replay.ts';
import { nameOf } from './step.ts';

export interface Comparison {
  /** Differences that nobody has allowed. */
  readonly unexpected: string[];
  /** The reasons of allowed differences that are not there any more. */
  readonly gone: string[];
}

/** The real server's normalised answers to all steps beside ours. */
export function compareAnswers(real: readonly Answer[], ours: readonly Answer[]): Comparison {
  const unexpected: string[] = [];
  const used = new Set<AllowedDifference>();
  for (const [at, step] of ALL_STEPS.entries())
    for (const line of describeDifferences(real[at], ours[at])) {
      const allowed = findAllowed(step, line);
      if (allowed === undefined) unexpected.push(`${nameOf(step)}\n    ${line}`);
      else used.add(allowed);
    }
  const gone = ALLOWED_DIFFERENCES.filter((allowed) => !used.has(allowed)).map(({ why }) => why);
  return { unexpected, gone };
}
