import { makeSeededRandom } from '../../common/random/seeded-random.ts';
import type { Problem } from './problems/problem.ts';
import type { Asked, Searcher } from './searchers/searcher.ts';

/** The best loss after each finished job. */
export type Trace = readonly number[];

interface Running extends Asked {
  readonly ends: number;
}

/**
 * Plays a search with virtual workers: every free worker asks, the k-th job lasts exp(0.3 z_k), and results are told in the
 * order in which jobs end. Searchers with the same seed meet the same durations.
 */
export async function simulate(
  searcher: Searcher,
  problem: Problem,
  { seed, workers, jobs }: { readonly seed: number; readonly workers: number; readonly jobs: number },
): Promise<Trace> {
  const search = await searcher.start(problem, seed, workers, jobs);
  const durations = makeSeededRandom(seed, 1000);
  const trace: number[] = [];
  const running: Running[] = [];
  let now = 0;
  let asked = 0;
  while (trace.length < jobs) {
    while (running.length < workers && asked < jobs) {
      const next = await search.ask();
      if (next === undefined) break;
      asked++;
      running.push({ ...next, ends: now + Math.exp(0.3 * durations.normal()) });
    }
    if (running.length === 0) break;
    const first = running.reduce((soonest, job) => (job.ends < soonest.ends ? job : soonest));
    running.splice(running.indexOf(first), 1);
    now = first.ends;
    const loss = await problem.evaluate(first.values);
    await search.tell(first.id, loss);
    trace.push(Math.min(trace.at(-1) ?? Number.POSITIVE_INFINITY, loss));
  }
  // A searcher that is through with a small space keeps what it found.
  while (trace.length < jobs) trace.push(trace.at(-1)!);
  return trace;
}
