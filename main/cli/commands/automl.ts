import type { Command } from 'commander';
import { unwrap } from '../../../common/fault.ts';
import { parseSetArguments } from '../../../common/mmar/set-arguments.ts';
import type { RunSummary } from '../../../common/run/run-observation.ts';
import { startAutoml } from '../../automl/run-automl.ts';
import { runFile } from '../../automl/run-folder.ts';
import { trackingFolder } from '../../automl/tracked-run.ts';
import { readClassScores } from '../../run-results/class-scores.ts';
import { countOf, formatSeconds } from '../format.ts';
import { EXIT, type ExitCode, type SetExitCode } from '../exit-code.ts';
import { locateMmar } from '../locate-mmar.ts';
import { noteFaults, type Output } from '../output.ts';
import { parseSeed } from '../parse-seed.ts';
import { programCall } from '../program-call.ts';
import { stopOnSignals } from '../stop-on-signals.ts';
import { chooseRunView } from '../views/choose-run-view.ts';
import { trustedHere } from './trust.ts';
import { allowedHere } from './write-to.ts';
import { describeClasses, describeLeaderboard, describeNextSteps } from '../views/describe-run.ts';

interface AutomlOptions {
  readonly mmar: string;
  readonly automlconf?: string;
  readonly set?: string[];
  readonly resume?: boolean;
  readonly seed?: string;
  readonly trust?: boolean;
  readonly mlflow: boolean;
  readonly json?: boolean;
}

/** A search as the command line asks for it. */
export interface SearchRequest {
  /** Absolute path. */
  readonly mmarRoot: string;
  /** The words after `--set`. */
  readonly words: readonly string[];
  /** File in config/; config_automl.json when left out. */
  readonly automlConf?: string;
  readonly resume?: boolean;
  readonly seed?: number;
  readonly trust?: boolean;
  /** Shown in MLflow, in the user's own store; true when left out. */
  readonly isTracked?: boolean;
  readonly json?: boolean;
}

/** `outerloop automl`: Clara's `medl.apps.automl.train`, with resume. */
export function addAutomlCommand(program: Command, output: Output, setExitCode: SetExitCode): void {
  program
    .command('automl')
    .description('search an MMAR: many trainings, in parallel, each learning from the ones before')
    .requiredOption('-m, --mmar <folder>', 'the MMAR')
    .option('--automlconf <file>', 'file in config/ (default: config_automl.json)')
    .option(
      '--set <settings...>',
      'run_id=NAME, workers=0:0 (":" between workers, "," between GPUs of one), trainconf=FILE, traceout=console|file|both',
    )
    .option('--resume', 'go on with a run that was stopped or killed')
    .option('--seed <number>', 'the same seed and order of finishing give the same search')
    .option('--trust', "run this MMAR's own code in custom/")
    .option('--no-mlflow', 'do not show the run in MLflow, whatever the config says')
    .option('--json', 'one event per line, for programs')
    .action(async ({ mmar, set, seed, automlconf, mlflow, ...options }: AutomlOptions) => {
      const request = {
        ...options,
        seed: seed === undefined ? undefined : parseSeed(seed),
        mmarRoot: await locateMmar(mmar),
        words: set ?? [],
        isTracked: mlflow,
      };
      setExitCode(
        await searchMmar(automlconf === undefined ? request : { ...request, automlConf: automlconf }, output),
      );
    });
}

/** Runs a search, shows it, and says what can be done with it. Ctrl-C stops it so that it can be resumed. */
export async function searchMmar(request: SearchRequest, output: Output): Promise<ExitCode> {
  const { mmarRoot, words, json = false, resume = false, seed, automlConf } = request;
  const trust = request.trust === true || ((await trustedHere(mmarRoot))?.digest ?? false);
  const { isTracked = true } = request;
  const search = {
    mmarRoot,
    overrides: unwrap(parseSetArguments(words)),
    resume,
    trust,
    writeTo: await allowedHere(mmarRoot),
    tracking: isTracked ? { folder: trackingFolder() } : ('none' as const),
    ...(seed === undefined ? {} : { seed }),
    ...(automlConf === undefined ? {} : { automlConf }),
  };
  const view = chooseRunView(output, json);
  const stop = stopOnSignals(output);
  let summary: RunSummary;
  try {
    const run = await startAutoml({
      ...search,
      observe: (observation) => view.observe(observation),
      stop: stop.signal,
    });
    noteFaults(output, run.warnings, 'warning');
    summary = await run.end;
  } finally {
    view.close();
    stop.dispose();
  }
  if (json) output.line(JSON.stringify({ type: 'summary', summary }));
  else for (const line of await describeEndOfRun(summary, request)) output.line(line);
  return exitCodeOf(summary);
}

async function describeEndOfRun(summary: RunSummary, request: SearchRequest): Promise<string[]> {
  const head = `Run ${summary.runId} ${summary.status}: ${summary.reason}. ${countOf(summary.jobs.length, 'job')} in ${formatSeconds(summary.seconds)}.`;
  return [
    '',
    head,
    '',
    ...describeLeaderboard(summary),
    '',
    ...describeClasses(summary.best && (await readClassScores(runFile(summary.runFolder, 'best')))),
    ...describeNextSteps(summary, request.mmarRoot, programCall(), request),
  ];
}

function exitCodeOf({ status, best }: RunSummary): ExitCode {
  if (status === 'interrupted') return EXIT.aborted;
  return status === 'failed' || best === undefined ? EXIT.failed : EXIT.ok;
}
