import { z } from 'zod';
import { FaultError, unwrap } from '../../common/fault.ts';
import type { Json } from '../../common/json.ts';
import { faultsOfIssues } from '../../common/mmar/schema-faults.ts';
import { journalRecommendation } from '../../common/run/journal-event.ts';
import { jobStatus } from '../../common/run/job-status.ts';
import { jobProgress, type JobProgress } from '../../common/run/progress.ts';
import type { SearchSpace } from '../../common/search-space/search-space.ts';
import { parseSearchSpace } from '../../common/search-space/search-space-schema.ts';
import type { Recommendation } from '../controllers/controller.ts';
import type { JobResult } from '../engine/executor.ts';
import { keepFinite } from '../engine/progress-log.ts';

/** NaN and the infinities are numbers here: the engine takes such a score for a job that has diverged. */
const anyNumber = z.custom<number>((value) => typeof value === 'number', 'a number');

const result = z.object({
  status: jobStatus,
  score: anyNumber.optional(),
  reason: z.string().optional(),
  exitCode: z.int().nullable().optional(),
  bestEpoch: z.int().optional(),
  epochs: z.int().optional(),
  adopted: z.boolean().optional(),
});
const recommendations = z.array(journalRecommendation);
const count = z.int().nonnegative().optional();
const reason = z.string().optional();

/**
 * What the methods of a user's own component may answer: everything goes into the journal, and what does not fit there
 * could not be read back.
 *
 * @throws FaultError `user-code` that names the class, the method and the place in its answer
 */
export const checkAnswer = {
  recommendations: (path: string, method: string, answer: unknown): readonly Recommendation[] =>
    check(recommendations, path, method, answer),
  count: (path: string, method: string, answer: unknown): number | undefined =>
    check(count, path, method, answer),
  reason: (path: string, method: string, answer: unknown): string | undefined =>
    check(reason, path, method, answer),
  result: (path: string, method: string, answer: unknown): JobResult =>
    check(result, path, method, answer) as JobResult,
  searchSpace: (path: string, method: string, answer: unknown): SearchSpace =>
    unwrap(parseSearchSpace(answer as Json, `${path} (answer of ${method})`)),
};

/** The progress that an executor reports; undefined when it is none. */
export function readProgress(progress: unknown): JobProgress | undefined {
  if (typeof progress !== 'object' || progress === null) return undefined;
  const parsed = jobProgress.safeParse(keepFinite(progress));
  return parsed.success ? keepFinite(parsed.data) : undefined;
}

function check<Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  method: string,
  answer: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(answer, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new FaultError(
    ...faultsOfIssues(parsed.error, { path: [] }).map(({ path: at, ...fault }) => ({
      ...fault,
      code: 'user-code' as const,
      component: `${path}.${method}`,
      message: `The answer is wrong: ${fault.message}`,
      ...(at === undefined || at.length === 0 ? {} : { path: at }),
    })),
  );
}
