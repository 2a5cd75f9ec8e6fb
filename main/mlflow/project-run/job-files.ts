import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyValue } from '../../../common/mlflow/entities.ts';
import type { JsonObject } from '../../../common/json.ts';
import { SAMPLE_FILES, SAMPLES_FOLDER } from '../../../common/mmar/sample-overlays.ts';
import { JOB_FILES } from '../../automl/run-folder.ts';
import { readMmarEnvironment } from '../../automl/searched-mmar.ts';
import { copyArtifact, writeArtifact } from './copy-artifact.ts';
import { flattenConfig } from './flatten-config.ts';
import { describeOnnxModel } from './onnx-model-files.ts';
import { readOnnxSignature } from './onnx-signature.ts';
import { trackedModelId } from './run-identifiers.ts';
import { readScalars, type Scalar } from './tensorboard-scalars.ts';
import type { ArtifactRoot, TrackedModel } from './tracking-sink.ts';

/** The name of each run's model. */
const MODEL_NAME = 'model';
const EVENT_FILE = /^events\.out\.tfevents\./;
/** Files of a training in its model folder, by their name among the artifacts. */
const MODEL = 'model.onnx';
const STATS = 'train_stats.json';

/** Where a job's files go. */
export interface ArtifactPlace {
  readonly runId: string;
  /** Absolute path of the run's artifacts. */
  readonly folder: string;
  /** Where those of a model go. */
  readonly modelRoot: (modelId: string) => ArtifactRoot;
}

/** A model that was kept, with its files. */
export type KeptModel = Pick<TrackedModel, 'modelId' | 'name' | 'createdAt'>;

/** Where a training differs from one of a job. */
export interface TrainingPlace {
  /** Its config, relative to the MMAR. */
  readonly config?: string;
  /** The MMAR may hold data and searches: event files are looked for in its model folder alone. */
  readonly isWholeMmar?: boolean;
}

/** What one job has on the disk, read as it grows. A folder that is not there yet, or not any more, has nothing. */
export class JobFiles {
  readonly #root: string;
  readonly #place: TrainingPlace;
  readonly #offsets = new Map<string, number>();
  #hasConfig = false;

  /** @param root absolute path of the job's MMAR */
  constructor(root: string, place: TrainingPlace = {}) {
    this.#root = root;
    this.#place = place;
  }

  /** True when the training writes an event file, as TensorBoard reads it. */
  async hasEventFiles(): Promise<boolean> {
    return (await this.#findEventFiles()).length > 0;
  }

  /** The scalars that were written since the last call. */
  async readNewScalars(): Promise<readonly Scalar[]> {
    const found: Scalar[] = [];
    for (const file of await this.#findEventFiles()) {
      const part = await readScalars(file, this.#offsets.get(file) ?? 0).catch(() => undefined);
      if (part === undefined) continue;
      this.#offsets.set(file, part.offset);
      found.push(...part.scalars);
    }
    return found;
  }

  /** The config as params, once: as soon as it is there. */
  async readNewConfig(place: ArtifactPlace): Promise<readonly KeyValue[]> {
    if (this.#hasConfig) return [];
    const file = join(this.#root, this.#place.config ?? JOB_FILES.trainConfig);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) return [];
    await copyArtifact(file, join(place.folder, 'config_train.json'));
    this.#hasConfig = true;
    return flattenConfig(text, await this.#readEnvironment(), this.#root);
  }

  /**
   * Keeps what the training left: its stats, its log, its sample pictures and, when wanted, its model as MLflow's onnx flavour.
   *
   * @returns the model, where there is one
   */
  async keep(place: ArtifactPlace, withModel: boolean): Promise<KeptModel | undefined> {
    const models = await this.#modelFolder();
    await copyArtifact(join(models, STATS), join(place.folder, STATS));
    await copyArtifact(join(this.#root, JOB_FILES.log), join(place.folder, JOB_FILES.log));
    for (const name of SAMPLE_FILES)
      await copyArtifact(join(models, SAMPLES_FOLDER, name), join(place.folder, SAMPLES_FOLDER, name));
    return withModel ? keepModel(join(models, MODEL), place) : undefined;
  }

  async #findEventFiles(): Promise<readonly string[]> {
    const folder = this.#place.isWholeMmar === true ? await this.#modelFolder() : this.#root;
    const names = await readdir(folder, { recursive: true }).catch(() => []);
    return names
      .filter((name) => EVENT_FILE.test(name.split(/[\\/]/).at(-1)!))
      .toSorted()
      .map((name) => join(folder, name));
  }

  async #modelFolder(): Promise<string> {
    const { MMAR_CKPT_DIR: folder } = await this.#readEnvironment();
    return join(this.#root, typeof folder === 'string' && folder !== '' ? folder : 'models');
  }

  /** One that cannot be read was said by whoever trained with it. */
  #readEnvironment(): Promise<JsonObject> {
    return readMmarEnvironment(this.#root).catch(() => ({}));
  }
}

async function keepModel(source: string, place: ArtifactPlace): Promise<KeptModel | undefined> {
  const { runId } = place;
  const modelId = trackedModelId(runId, MODEL_NAME);
  const { uri: artifactUri, folder } = place.modelRoot(modelId);
  if (!(await copyArtifact(source, join(folder, MODEL)))) return undefined;
  const { size: sizeBytes, mtimeMs: createdAt } = await stat(join(folder, MODEL));
  const signature = await readOnnxSignature(join(folder, MODEL));
  const files = describeOnnxModel({ modelId, runId, artifactUri, sizeBytes, createdAt, signature });
  for (const [name, text] of Object.entries(files)) await writeArtifact(join(folder, name), text);
  return { modelId, name: MODEL_NAME, createdAt };
}
