import type { Command } from 'commander';
import { FaultError } from '../../../common/fault.ts';
import { findRuns } from '../../automl/find-runs.ts';
import type { RunView } from '../../automl/run-view.ts';
import { readRun, stopRun } from '../../automl/watch-run.ts';
import { formatNumber, formatSeconds, formatTable } from '../format.ts';
import { locateMmar } from '../locate-mmar.ts';
import { noteFaults, type Output } from '../output.ts';

interface RunsOptions {
  readonly mmar: string;
  readonly automlconf?: string;
  readonly stop?: string;
  readonly json?: boolean;
}

/** `outerloop runs`: how the searches of an MMAR stand, also those of other processes; and to stop one of them. */
export function addRunsCommand(program: Command, output: Output): void {
  program
    .command('runs')
    .description('list the searches of an MMAR: how each stands, whether its program is alive; or stop one')
    .requiredOption('-m, --mmar <folder>', 'the MMAR')
    .option('--automlconf <file>', 'file in config/ (default: config_automl.json)')
    .option('--stop <run_id>', 'ask the program of this run to stop it, as Ctrl-C does')
    .option('--json', 'one run per line, for programs')
    .action(async ({ mmar, automlconf, stop, json = false }: RunsOptions) => {
      const found = await findRuns(await locateMmar(mmar), automlconf);
      if (stop !== undefined) await stopOne(found, stop, output);
      else await listRuns(found, json, output);
    });
}

type FoundRuns = Awaited<ReturnType<typeof findRuns>>;

async function stopOne(runs: FoundRuns, runId: string, output: Output): Promise<void> {
  const run = runs.find((candidate) => candidate.runId === runId);
  if (run === undefined)
    throw new FaultError({
      code: 'run-not-found',
      argument: '--stop',
      message: `There is no run ${runId}.`,
      allowed: runs.map(({ runId: name }) => name).join(', ') || 'none: the MMAR was not searched yet',
    });
  const { condition } = await readRun(run.runFolder);
  if (condition === 'running') {
    await stopRun(run.runFolder);
    output.line(`Asked ${runId} to stop. Running jobs keep a checkpoint; it can be resumed.`);
  } else output.line(`${runId} does not run: ${condition}.`);
}

async function listRuns(runs: FoundRuns, isJson: boolean, output: Output): Promise<void> {
  const views: RunView[] = [];
  for (const { runFolder } of runs) {
    try {
      views.push(await readRun(runFolder));
    } catch (error) {
      // one that is damaged hides none of the others
      if (!(error instanceof FaultError)) throw error;
      noteFaults(output, error.faults);
    }
  }
  if (isJson) for (const view of views) output.line(JSON.stringify(view));
  else if (views.length === 0) output.line('The MMAR was not searched yet.');
  else for (const line of formatTable(HEADER, views.map(describeRun))) output.line(line);
}

const HEADER = ['run', 'state', 'jobs', 'best', 'time', 'by', 'why'];

function describeRun({ runId, condition, progress, best, owner, reason, workers }: RunView): string[] {
  const { jobsDone, jobsPlanned, jobsRunning, secondsElapsed } = progress;
  const running = jobsRunning > 0 ? `, ${jobsRunning} running` : '';
  return [
    runId,
    condition === 'running' && workers.isPaused ? 'paused' : condition,
    `${jobsDone}${jobsPlanned === undefined ? '' : `/${jobsPlanned}`}${running}`,
    best === undefined ? '—' : `${formatNumber(best.score)} (${best.job})`,
    formatSeconds(secondsElapsed),
    owner === undefined ? '—' : `process ${owner.pid} of ${owner.host}`,
    reason ?? '',
  ];
}
