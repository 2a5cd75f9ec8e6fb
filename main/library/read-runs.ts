import { stat } from 'node:fs/promises';
import type { MmarCard } from '../../common/api/library.ts';
import { FaultError } from '../../common/fault.ts';
import { findRuns, type FoundRun } from '../automl/find-runs.ts';
import { runFile } from '../automl/run-folder.ts';
import { RunReader, type ReaderPorts } from '../automl/run-reader.ts';
import type { RunView } from '../automl/run-view.ts';

/** What a card says of the runs of an MMAR. */
export type RunsOfCard = Pick<MmarCard, 'runs' | 'lastRun' | 'best'>;

/** Reads runs for cards. A run that did not change is read once. */
export class CardRuns {
  readonly #ports: ReaderPorts;
  readonly #read = new Map<string, { readonly changed: string; readonly run: ReadRun | undefined }>();

  constructor(ports: ReaderPorts) {
    this.#ports = ports;
  }

  /** @param mmarRoot absolute path */
  async of(mmarRoot: string): Promise<RunsOfCard> {
    const runs = await findRuns(mmarRoot);
    const read = (await Promise.all(runs.map((run) => this.#readOnce(run)))).filter(
      (run) => run !== undefined,
    );
    const last = read[0]?.view;
    const best = read
      .flatMap(({ view, metric }) =>
        view.best === undefined ? [] : [{ run: view.runId, ...view.best, metric }],
      )
      .toSorted((a, b) => b.score - a.score)[0];
    return {
      runs: runs.length,
      ...(last?.createdAt === undefined
        ? {}
        : {
            lastRun: {
              run: last.runId,
              state: last.condition,
              startedAt: last.createdAt,
              jobs: last.progress.jobsDone + last.progress.jobsRunning,
            },
          }),
      ...(best === undefined ? {} : { best }),
    };
  }

  /** Whether a program works on a run of the MMAR now. */
  async isRunning(mmarRoot: string): Promise<boolean> {
    const read = await Promise.all((await findRuns(mmarRoot)).map((run) => this.#readOnce(run)));
    return read.some((run) => run?.view.condition === 'running');
  }

  async #readOnce({ runFolder }: FoundRun): Promise<ReadRun | undefined> {
    const { mtimeMs, size } = await stat(runFile(runFolder, 'journal'));
    const changed = `${mtimeMs}:${size}`;
    const known = this.#read.get(runFolder);
    // A run that has not ended may die, or be taken up again, without a word being written.
    const isOpen = known?.run?.view.condition === 'running' || known?.run?.view.condition === 'killed';
    if (known?.changed === changed && !isOpen) return known.run;
    const run = await readRun(runFolder, this.#ports);
    this.#read.set(runFolder, { changed, run });
    return run;
  }
}

interface ReadRun {
  readonly view: RunView;
  /** What the scores are. */
  readonly metric: string | undefined;
}

/** Undefined for a run that cannot be read: the view of runs says why, a card only leaves it out. */
async function readRun(runFolder: string, ports: ReaderPorts): Promise<ReadRun | undefined> {
  const reader = new RunReader(runFolder, ports);
  try {
    const { view } = await reader.read();
    return { view, metric: reader.jobs().find(({ progress }) => progress?.keyMetric)?.progress?.keyMetric };
  } catch (error) {
    if (error instanceof FaultError) return undefined;
    throw error;
  }
}
