/**
 * How good the controllers are beside Optuna, on functions and look-up tables of trainings. See docs/controllers.md.
 *
 *   node bench/controllers/run.ts [--suite development|held-out] [--seeds 20] [--jobs 100] [--workers 4]
 *     [--data ../shared/data/hpo] [--python .venv/bin/python] [--only random,optuna_tpe] [--problems branin,func2c]
 *     [--save file] [--load file]     results are saved after every problem; loaded ones are not measured again with --only
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { unwrap } from '../../common/fault.ts';
import type { Controller } from '../../main/controllers/controller.ts';
import { createController } from '../../main/controllers/registry.ts';
import type { Problem } from './problems/problem.ts';
import { loadSuite, type SuiteName } from './problems/suite.ts';
import { formatReport, type Results } from './report.ts';
import { ClaraLikeController } from './searchers/clara-like.ts';
import { ControllerSearcher } from './searchers/controller-searcher.ts';
import { OptunaSearcher } from './searchers/optuna-searcher.ts';
import type { Searcher } from './searchers/searcher.ts';
import { simulate, type Trace } from './simulate.ts';

const { values: options } = parseArgs({
  options: {
    suite: { type: 'string', default: 'development' },
    seeds: { type: 'string', default: '20' },
    jobs: { type: 'string', default: '100' },
    workers: { type: 'string', default: '4' },
    data: { type: 'string', default: '../shared/data/hpo' },
    python: { type: 'string', default: '.venv/bin/python' },
    only: { type: 'string' },
    problems: { type: 'string' },
    save: { type: 'string' },
    load: { type: 'string' },
  },
});

const SUBJECT = 'reinforcement';
const seeds = Number(options.seeds);
const jobs = Number(options.jobs);
const workers = Number(options.workers);

const reinforcement = (count: number): Controller =>
  unwrap(createController('ReinforcementController', { max_rounds: 10_000, max_jobs: count }));
const random = (count: number): Controller =>
  unwrap(createController('RandomController', { max_rounds: count }));

const searchers: Searcher[] = [
  new ControllerSearcher(SUBJECT, reinforcement),
  new ControllerSearcher('random', random),
  new ControllerSearcher('clara_like', (count) => new ClaraLikeController(count)),
];
if (existsSync(options.python)) searchers.push(new OptunaSearcher(options.python, 'tpe'));
else
  console.log(
    `Optuna is left out: there is no ${options.python} (python -m venv .venv; .venv/bin/pip install optuna==5.0.0)`,
  );

const { problems: suite, missing } = await loadSuite(options.suite as SuiteName, options.data);
const chosen = options.problems?.split(',');
const problems = suite.filter(({ name }) => chosen === undefined || chosen.includes(name));
if (missing.length > 0) console.log(`Left out, not in ${options.data}: ${missing.join(', ')}`);

const loaded = options.load === undefined ? {} : (JSON.parse(readFileSync(options.load, 'utf8')) as Results);
const results: Record<string, Record<string, readonly Trace[]>> = {};
for (const [name, traces] of Object.entries(loaded)) results[name] = { ...traces };
const wanted = options.only?.split(',');
for (const searcher of searchers) {
  if (wanted !== undefined && !wanted.includes(searcher.name)) continue;
  const started = performance.now();
  results[searcher.name] ??= {};
  for (const problem of problems) {
    results[searcher.name][problem.name] = await runSeeds(searcher, problem);
    if (options.save !== undefined) writeFileSync(options.save, JSON.stringify(results));
  }
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `${searcher.name}: ${problems.length * seeds} searches of ${jobs} jobs in ${seconds.toFixed(1)} s`,
  );
}
for (const searcher of searchers) await searcher.close();
console.log(`\n${options.suite}, ${workers} workers, ${seeds} seeds\n`);
console.log(formatReport(results, problems, SUBJECT, jobs));

async function runSeeds(searcher: Searcher, problem: Problem): Promise<readonly Trace[]> {
  const traces: Trace[] = [];
  for (let seed = 0; seed < seeds; seed++)
    traces.push(await simulate(searcher, problem, { seed, workers, jobs }));
  return traces;
}
