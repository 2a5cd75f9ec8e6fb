import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Dataset, RunStatus } from '../../../common/mlflow/entities.ts';
import { OUTERLOOP_TAGS } from '../../../common/mlflow/outerloop-tags.ts';
import { MLFLOW_TAGS } from '../../../common/mlflow/tag-names.ts';
import { readMmarEnvironment } from '../../automl/searched-mmar.ts';
import { parseJobStats, type JobStats } from '../../automl/read-train-stats.ts';
import { describeDataSets, findValidation } from './data-set-input.ts';
import { JobFiles, type ArtifactPlace } from './job-files.ts';
import { metricsOfScalars } from './job-metrics.ts';
import type { TrackingSink } from './tracking-sink.ts';

/** A training of an MMAR by itself, without a search. */
export interface TrainingSite {
  /** Absolute path of the MMAR. */
  readonly mmarRoot: string;
  /** The train config, relative to the MMAR. */
  readonly config: string;
}

/** How a training ended. */
export interface TrainingOutcome {
  readonly status: RunStatus;
  /** In our own words. */
  readonly word: string;
  /** Milliseconds since 1970. */
  readonly endTime: number;
}

/** Shows one training in MLflow: a run in the experiment `<MMAR>/training`. */
export class TrainingProjection {
  readonly #sink: TrackingSink;
  readonly #files: JobFiles;
  readonly #place: ArtifactPlace;
  /** What it is measured on. */
  readonly #dataset: Dataset | undefined;

  private constructor(
    sink: TrackingSink,
    files: JobFiles,
    place: ArtifactPlace,
    dataset: Dataset | undefined,
  ) {
    this.#sink = sink;
    this.#files = files;
    this.#place = place;
    this.#dataset = dataset;
  }

  /** Makes the run. What earlier trainings wrote into the MMAR is not of this one. @param startTime milliseconds since 1970 */
  static async begin(site: TrainingSite, sink: TrackingSink, startTime: number): Promise<TrainingProjection> {
    const { mmarRoot, config } = site;
    const mmar = basename(mmarRoot);
    const runId = randomUUID().replaceAll('-', '');
    const files = new JobFiles(mmarRoot, { config, isWholeMmar: true });
    await files.readNewScalars();
    const experimentId = sink.atOnce(() => {
      const experiment = {
        name: `${mmar}/training`,
        tags: [{ key: MLFLOW_TAGS.note, value: `Trainings of ${mmar}` }],
      };
      const id = sink.openExperiment(experiment);
      const tags = [
        { key: OUTERLOOP_TAGS.runUid, value: runId },
        { key: OUTERLOOP_TAGS.kind, value: 'training' },
        { key: OUTERLOOP_TAGS.mmar, value: mmar },
        { key: OUTERLOOP_TAGS.status, value: 'running' },
        { key: MLFLOW_TAGS.sourceType, value: 'LOCAL' },
        { key: MLFLOW_TAGS.sourceName, value: 'outerloop' },
      ];
      sink.openRun({ runId, experimentId: id, name: `training-${runId.slice(0, 6)}`, startTime, tags });
      return id;
    });
    const { folder } = sink.runArtifacts(experimentId, runId);
    const modelRoot = (modelId: string) => sink.modelArtifacts(experimentId, modelId);
    const place = { runId, folder, modelRoot };
    const environment = await readMmarEnvironment(mmarRoot).catch(() => ({}));
    const inputs = await describeDataSets(environment, mmarRoot);
    const training = new TrainingProjection(sink, files, place, findValidation(inputs));
    const params = await files.readNewConfig(place);
    sink.atOnce(() => sink.tell({ runId, params, inputs }));
    return training;
  }

  /** Takes in what the training wrote since. */
  async pull(): Promise<void> {
    const metrics = metricsOfScalars(await this.#files.readNewScalars());
    if (metrics.length > 0) this.#sink.atOnce(() => this.#sink.tell({ runId: this.#place.runId, metrics }));
  }

  /** Takes in the rest, and keeps its files. */
  async end({ status, word, endTime }: TrainingOutcome): Promise<void> {
    await this.pull();
    const kept = await this.#files.keep(this.#place, true);
    const stats = await this.#readStats();
    const { runId } = this.#place;
    const tags = [
      { key: OUTERLOOP_TAGS.status, value: word },
      ...(stats?.reason === undefined ? [] : [{ key: OUTERLOOP_TAGS.reason, value: stats.reason }]),
    ];
    const score = stats?.score;
    const metrics =
      score === undefined
        ? []
        : [{ key: 'score', value: score, step: stats?.bestEpoch ?? 0, timestamp: endTime }];
    const model = kept && { ...kept, step: stats?.bestEpoch ?? 0, dataset: this.#dataset };
    this.#sink.atOnce(() => this.#sink.tell({ runId, status, endTime, tags, metrics, model }));
  }

  async #readStats(): Promise<JobStats | undefined> {
    const text = await readFile(`${this.#place.folder}/train_stats.json`, 'utf8').catch(() => undefined);
    return text === undefined ? undefined : parseJobStats(text);
  }
}
