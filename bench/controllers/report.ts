import type { Problem } from './problems/problem.ts';
import { bootstrap, mean, median, ranksOf, wilcoxon } from './statistics.ts';
import type { Trace } from './simulate.ts';

/** Traces by searcher, by problem, one per seed. */
export type Results = Readonly<Record<string, Readonly<Record<string, readonly Trace[]>>>>;

/** Everything about one setting, as text. */
export function formatReport(
  results: Results,
  problems: readonly Problem[],
  subject: string,
  jobs: number,
): string {
  const searchers = Object.keys(results);
  const names = problems.map(({ name }) => name);
  // Results that were loaded may be of more seeds.
  const seeds = Math.min(
    ...searchers.flatMap((searcher) => names.map((name) => results[searcher][name].length)),
  );
  const lossAt = (searcher: string, problem: string, count: number): readonly number[] =>
    results[searcher][problem].slice(0, seeds).map((trace) => trace[count - 1]);
  const width = Math.max(...searchers.map((searcher) => searcher.length)) + 2;
  const row = (head: string, cells: readonly string[]): string =>
    head.padEnd(18) + cells.map((cell) => cell.padStart(width)).join('');

  const regrets = problems.map((problem) => {
    const everything = searchers.flatMap((searcher) => lossAt(searcher, problem.name, jobs));
    const optimum = Math.min(problem.optimum === 0 ? Infinity : problem.optimum, ...everything);
    const scale = median(lossAt('random', problem.name, Math.min(10, jobs))) - optimum;
    return searchers.map((searcher) => (median(lossAt(searcher, problem.name, jobs)) - optimum) / scale);
  });
  const meanRanks = (count: number, picks?: readonly number[]): readonly number[] => {
    const perProblem = names.map((name) => {
      const medians = searchers.map((searcher) => {
        const losses = lossAt(searcher, name, count);
        return median(picks === undefined ? losses : picks.map((pick) => losses[pick]));
      });
      return ranksOf(medians);
    });
    return searchers.map((_, index) => mean(perProblem.map((ranks) => ranks[index])));
  };
  const counts = [25, 50, 100].filter((count) => count <= jobs);
  const lines = [
    `median regret after ${jobs} jobs, 1 = random after 10`,
    row('', searchers),
    ...problems.map(({ name }, index) =>
      row(
        name,
        regrets[index].map((regret) => regret.toFixed(4)),
      ),
    ),
    ...counts.map((count) =>
      row(
        `mean rank at ${count}`,
        meanRanks(count).map((rank) => rank.toFixed(2)),
      ),
    ),
    '',
    `${subject} against each, after ${jobs} jobs: problems won / tied / lost (paired Wilcoxon, p < 0.05), and the`,
    'difference of mean ranks with its 95 % bootstrap interval (negative: better)',
  ];
  const self = searchers.indexOf(subject);
  for (const [other, opponent] of searchers.entries()) {
    if (other === self) continue;
    const verdicts = names.map((name) => {
      const mine = lossAt(subject, name, jobs);
      const theirs = lossAt(opponent, name, jobs);
      const differences = mine.map((loss, seed) => loss - theirs[seed]);
      if (wilcoxon(differences) >= 0.05) return 'tied';
      return median(differences) < 0 ? 'won' : 'lost';
    });
    const count = (verdict: string): string => String(verdicts.filter((one) => one === verdict).length);
    const listed = (verdict: string): string =>
      names.filter((_, index) => verdicts[index] === verdict).join(', ');
    const difference = (ranks: readonly number[]): number => ranks[self] - ranks[other];
    const [low, high] = bootstrap(seeds, (picks) => difference(meanRanks(jobs, picks)));
    lines.push(
      `${opponent.padEnd(width)} ${count('won')} / ${count('tied')} / ${count('lost')}   ` +
        `${difference(meanRanks(jobs)).toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]` +
        `${listed('lost') === '' ? '' : `   lost: ${listed('lost')}`}`,
    );
  }
  return lines.join('\n');
}
