import { join } from 'node:path';
import type { DatasetInput, KeyValue, Metric } from '../../../common/mlflow/entities.ts';
import { OUTERLOOP_TAGS } from '../../../common/mlflow/outerloop-tags.ts';
import { MLFLOW_TAGS } from '../../../common/mlflow/tag-names.ts';
import type { JobRecord } from '../../../common/run/job-record.ts';
import type { JournalEntry } from '../../../common/run/journal-event.ts';
import { RUN_FILES, runFile } from '../../automl/run-folder.ts';
import { readMmarEnvironment } from '../../automl/searched-mmar.ts';
import { withFileFaults } from '../../node/file-fault.ts';
import { JOURNAL_START, readJournal } from '../../journal/read-journal.ts';
import { describeDataSets, findValidation } from './data-set-input.ts';
import { describeLeaderboard } from './describe-run.ts';
import { JobFiles, type ArtifactPlace } from './job-files.ts';
import { metricsOfScalars } from './job-metrics.ts';
import { EntryProjection, jobOf } from './project-entry.ts';
import { keepSearchFiles } from './search-files.ts';
import { runUidOf, trackedRunId } from './run-identifiers.ts';
import type { RunNews, TrackedExperiment, TrackedRun, TrackingSink } from './tracking-sink.ts';

/** A search to be shown in MLflow. */
export interface ProjectionSite {
  /** Absolute path of the run's folder, which holds the journal and the jobs. */
  readonly runRoot: string;
  /** Absolute path of the MMAR. */
  readonly mmarRoot: string;
  /** The MMAR's name. */
  readonly mmar: string;
  /** The experiment that the search belongs to. */
  readonly describeExperiment: (run: string, runUid: string) => TrackedExperiment;
  /** Which models are kept: those of all jobs, or none. */
  readonly keepsModels: boolean;
}

/** Where a projection is: everything of it can be made again from the journal. */
interface Progress {
  cursor: typeof JOURNAL_START;
  readonly entries: EntryProjection;
  readonly files: Map<string, JobFiles>;
  /** Jobs whose metrics come from the journal. */
  readonly usesProgress: Map<string, boolean>;
  experimentId: string;
  /** The last entry that the store has. */
  done: number;
  dataSets: readonly DatasetInput[];
  /** When the last entry was written, in milliseconds since 1970. */
  lastAt: number;
}

/**
 * Brings a tracking store up to date with the journal of a search and the files of its jobs, as far as these have come. What
 * is in the store already is not written again, whoever wrote it: runs have the ids that follow from the journal.
 */
export class RunProjection {
  readonly #site: ProjectionSite;
  readonly #sink: TrackingSink;
  #progress = begin('');

  constructor(site: ProjectionSite, sink: TrackingSink) {
    this.#site = site;
    this.#sink = sink;
    this.#progress = begin(site.mmar);
  }

  /** The runs that are going on: that of the search, then those of its jobs. */
  get running(): readonly { readonly runId: string; readonly devices: readonly string[] | undefined }[] {
    const { entries, experimentId } = this.#progress;
    if (experimentId === '') return [];
    const jobs = entries.jobs.list().filter(({ state }) => state === 'running');
    return [
      { runId: entries.runUid, devices: undefined },
      ...jobs.map(({ job, devices }) => ({ runId: trackedRunId(entries.runUid, job), devices })),
    ];
  }

  /** How many runs the journal has come to so far: the search and its jobs. */
  get runCount(): number {
    const { entries } = this.#progress;
    return entries.runUid === '' ? 0 : 1 + entries.jobs.list().length;
  }

  /**
   * Takes in what is new. Not to be called again before it has settled; after a failure the next call begins anew.
   *
   * @returns true when the search has ended
   * @throws FaultError for a store that cannot be written and a journal that cannot be read
   */
  async pull(): Promise<boolean> {
    try {
      return await this.#pull();
    } catch (error) {
      this.#progress = begin(this.#site.mmar);
      throw error;
    }
  }

  /** The program that carried out the search is gone, and has written no end: it and its running jobs count as interrupted. */
  abandon(): void {
    const { entries, lastAt } = this.#progress;
    const tags = [
      { key: OUTERLOOP_TAGS.status, value: 'interrupted' },
      { key: OUTERLOOP_TAGS.reason, value: 'its program was ended; it can be resumed' },
    ];
    const news = this.running.map(({ runId }) => ({
      runId,
      status: 'KILLED' as const,
      endTime: lastAt,
      tags,
    }));
    if (entries.runUid !== '') this.#write([], news);
  }

  async #pull(): Promise<boolean> {
    const progress = this.#progress;
    const part = await withFileFaults(RUN_FILES.journal, () =>
      readJournal(runFile(this.#site.runRoot, 'journal'), progress.cursor),
    );
    if (part.entries.length > 0 && progress.cursor.seq === 0) await this.#open(part.entries[0]!);
    const begins: TrackedRun[] = [];
    const news: RunNews[] = [];
    const changed = new Set<string>();
    for (const entry of part.entries) {
      const job = jobOf(entry.event);
      await this.#chooseSource(entry);
      const said = progress.entries.add(entry, (name) => progress.usesProgress.get(name) === true);
      if (entry.seq <= progress.done) continue;
      if (job !== undefined) changed.add(job);
      if (said.begins !== undefined) begins.push({ ...said.begins, experimentId: progress.experimentId });
      news.push(...said.news);
    }
    for (const record of progress.entries.jobs.list())
      if (record.state === 'running' || changed.has(record.job)) news.push(await this.#readJob(record));
    const last = part.entries.at(-1);
    if (last !== undefined && last.seq > progress.done) news.push(await this.#closeBatch(last));
    this.#write(begins, news);
    progress.cursor = part.cursor;
    if (last !== undefined) progress.lastAt = Date.parse(last.at);
    return last?.event.type === 'run_ended';
  }

  /** The experiment, what the store has already, and the data. */
  async #open(first: JournalEntry): Promise<void> {
    const { describeExperiment, mmarRoot } = this.#site;
    const progress = this.#progress;
    const uid = runUidOf(first);
    const run = first.event.type === 'run_created' ? first.event.identity.runId : '';
    progress.experimentId = this.#sink.atOnce(() => this.#sink.openExperiment(describeExperiment(run, uid)));
    progress.done = Number(this.#sink.readTag(uid, OUTERLOOP_TAGS.journalSeq) ?? 0);
    const environment = await readMmarEnvironment(mmarRoot).catch(() => ({}));
    progress.dataSets = await describeDataSets(environment, mmarRoot);
  }

  /** A training that writes an event file says there more than the journal does. Chosen at its first loss or metric. */
  async #chooseSource({ event }: JournalEntry): Promise<void> {
    const { usesProgress } = this.#progress;
    if (event.type !== 'job_progress' || usesProgress.has(event.job)) return;
    if (event.progress.loss === undefined && event.progress.metrics === undefined) return;
    usesProgress.set(event.job, !(await this.#filesOf(event.job).hasEventFiles()));
  }

  async #readJob(record: JobRecord): Promise<RunNews> {
    const { entries, usesProgress, dataSets } = this.#progress;
    const { job, state } = record;
    const files = this.#filesOf(job);
    const place = this.#placeOf(trackedRunId(entries.runUid, job));
    const params = await files.readNewConfig(place);
    const metrics: readonly Metric[] =
      usesProgress.get(job) === true ? [] : metricsOfScalars(await files.readNewScalars());
    const kept = state === 'running' ? undefined : await files.keep(place, this.#site.keepsModels);
    const model = kept && {
      ...kept,
      step: record.bestEpoch ?? record.epochs ?? 0,
      dataset: findValidation(dataSets),
    };
    return {
      runId: place.runId,
      params,
      metrics,
      model,
      ...(params.length === 0 ? {} : { inputs: dataSets }),
    };
  }

  /** What the search's own run says once for all that was read: its files, its description, how far it is. */
  async #closeBatch(last: JournalEntry): Promise<RunNews> {
    const { entries, dataSets } = this.#progress;
    const place = this.#placeOf(entries.runUid);
    await keepSearchFiles(place.folder, this.#site, entries.run, entries.jobs.list());
    const tags: KeyValue[] = [
      { key: MLFLOW_TAGS.note, value: describeLeaderboard(entries.run, entries.jobs.list()) },
      { key: OUTERLOOP_TAGS.journalSeq, value: String(last.seq) },
    ];
    return { runId: entries.runUid, inputs: dataSets, tags };
  }

  #write(begins: readonly TrackedRun[], news: readonly RunNews[]): void {
    if (begins.length + news.length === 0) return;
    this.#sink.atOnce(() => {
      for (const run of begins) this.#sink.openRun(run);
      for (const item of news) this.#sink.tell(item);
    });
  }

  #filesOf(job: string): JobFiles {
    const { files } = this.#progress;
    const known = files.get(job) ?? new JobFiles(join(this.#site.runRoot, job));
    files.set(job, known);
    return known;
  }

  #placeOf(runId: string): ArtifactPlace {
    const { experimentId } = this.#progress;
    const { folder } = this.#sink.runArtifacts(experimentId, runId);
    return { runId, folder, modelRoot: (modelId) => this.#sink.modelArtifacts(experimentId, modelId) };
  }
}

function begin(mmar: string): Progress {
  return {
    cursor: JOURNAL_START,
    entries: new EntryProjection(mmar),
    files: new Map(),
    usesProgress: new Map(),
    experimentId: '',
    done: 0,
    dataSets: [],
    lastAt: 0,
  };
}
