import type { CheckpointSaverArgs } from '../../common/components/handlers.ts';
import { FaultError } from '../../common/fault.ts';
import type { Saveable } from '../checkpoint/saveable.ts';
import { writeTorchFile } from '../checkpoint/torch-file.ts';
import type { Engine } from '../engines/engine.ts';
import { TrainingDiverged } from '../engines/training-end.ts';
import type { MmarFiles } from '../files/mmar-files.ts';
import type { ResumableHandler } from './resumable-handler.ts';

export interface CheckpointSaverContext {
  readonly files: MmarFiles;
  /** What to save, by key of the checkpoint. */
  readonly saveables: Readonly<Record<string, Saveable>>;
}

/** Names that Clara gives to the best and to the last checkpoint. */
export const BEST_CHECKPOINT = 'model.pt';
export const FINAL_CHECKPOINT = 'final_model.pt';

interface SavedModel {
  readonly file: string;
  readonly score: number;
}

/**
 * `monai.handlers.CheckpointSaver` (0.8.1), with the names of files that Clara has.
 *
 * - `save_key_metric`: `model.pt` whenever the key metric is strictly better than before; with `key_metric_n_saved` above
 *   1 the best n as `checkpoint_key_metric=0.9387.pt` as well
 * - `save_final`: `final_model.pt` at the end, also by a fault, but not when the training diverged
 * - `save_interval`: `checkpoint_epoch=5.pt`, or `checkpoint_iteration=500.pt` with `epoch_level` false
 */
export class CheckpointSaver implements ResumableHandler {
  readonly name = 'CheckpointSaver';
  readonly #args: CheckpointSaverArgs;
  readonly #context: CheckpointSaverContext;
  /** Best first. */
  #best: readonly SavedModel[] = [];
  /** Oldest first. */
  #regular: readonly string[] = [];

  constructor(args: CheckpointSaverArgs, context: CheckpointSaverContext) {
    if (args.key_metric_filename !== null && args.key_metric_n_saved > 1) {
      throw new FaultError({
        code: 'wrong-argument',
        message: 'A fixed name can hold one model only.',
        component: 'CheckpointSaver',
        argument: 'key_metric_filename',
        allowed: 'key_metric_filename with key_metric_n_saved 1',
      });
    }
    this.#args = args;
    this.#context = context;
  }

  /** Whether it keeps the best model. */
  get savesBest(): boolean {
    return this.#args.save_key_metric;
  }

  /** Whether it keeps the last model. */
  get savesFinal(): boolean {
    return this.#args.save_final;
  }

  attach(engine: Engine): void {
    const { save_key_metric, save_final, save_interval, epoch_level } = this.#args;
    if (save_key_metric) engine.on('EPOCH_COMPLETED', () => this.#saveIfBest(engine));
    if (save_interval > 0) {
      engine.on(epoch_level ? 'EPOCH_COMPLETED' : 'ITERATION_COMPLETED', () => this.#saveRegularly(engine));
    }
    if (save_final) {
      engine.on('COMPLETED', () => this.#saveFinal(engine));
      engine.on('EXCEPTION_RAISED', () => this.#saveFinal(engine));
    }
  }

  saveProgress(): { best: readonly SavedModel[]; regular: readonly string[] } {
    return { best: this.#best, regular: this.#regular };
  }

  restoreProgress(progress: unknown): void {
    const { best, regular } = progress as ReturnType<CheckpointSaver['saveProgress']>;
    this.#best = best;
    this.#regular = regular;
  }

  #saveIfBest(engine: Engine): void {
    const { key_metric_n_saved: wanted, key_metric_greater_or_equal: equalReplaces } = this.#args;
    const score = this.#scoreOf(engine);
    if (score === undefined) return;
    const beats = (other: SavedModel): boolean =>
      score > other.score || (equalReplaces && score === other.score);
    const rank = this.#best.findIndex(beats);
    const place = rank === -1 ? this.#best.length : rank;
    if (place >= wanted) return;
    const file = this.#prefixed(`checkpoint_key_metric=${score.toFixed(4)}.pt`);
    if (place === 0) this.#save(engine, this.#args.key_metric_filename ?? BEST_CHECKPOINT);
    if (wanted > 1) this.#save(engine, file);
    const ranked = [...this.#best.slice(0, place), { file, score }, ...this.#best.slice(place)];
    this.#best = ranked.slice(0, wanted);
    const kept = new Set(this.#best.map((saved) => saved.file));
    if (wanted > 1)
      this.#remove(
        ranked
          .slice(wanted)
          .map((saved) => saved.file)
          .filter((name) => !kept.has(name)),
      );
  }

  #scoreOf({ state }: Engine): number | undefined {
    const { key_metric_name: name, key_metric_negative_sign: negative } = this.#args;
    const metric = state.metrics.find(({ label, isKey }) => (name === null ? isKey : label === name));
    if (metric === undefined && (name !== null || state.metrics.length > 0)) {
      throw new FaultError({
        code: 'wrong-argument',
        message: name === null ? 'There is no key metric.' : `There is no metric "${name}".`,
        component: 'CheckpointSaver',
        argument: name === null ? 'save_key_metric' : 'key_metric_name',
        allowed: state.metrics.map(({ label }) => label).join(', ') || 'a key_metric beside it',
      });
    }
    if (metric?.value === undefined || metric.value === null) return undefined;
    return negative ? -metric.value : metric.value;
  }

  #saveRegularly(engine: Engine): void {
    const { save_interval: interval, epoch_level: byEpoch, n_saved: wanted } = this.#args;
    const count = byEpoch ? engine.state.epoch : engine.state.iteration;
    if (count % interval !== 0) return;
    const file = this.#prefixed(`checkpoint_${byEpoch ? 'epoch' : 'iteration'}=${count}.pt`);
    this.#save(engine, file);
    const all = [...this.#regular.filter((name) => name !== file), file];
    const surplus = wanted === null ? 0 : Math.max(0, all.length - wanted);
    this.#remove(all.slice(0, surplus));
    this.#regular = all.slice(surplus);
  }

  #saveFinal(engine: Engine): void {
    if (engine.state.exception instanceof TrainingDiverged) return;
    this.#save(engine, this.#args.final_filename ?? FINAL_CHECKPOINT);
  }

  #prefixed(file: string): string {
    return this.#args.file_prefix === '' ? file : `${this.#args.file_prefix}_${file}`;
  }

  #save(engine: Engine, file: string): void {
    const entries = Object.entries(this.#context.saveables).map(
      ([key, saveable]) => [key, saveable.save()] as const,
    );
    const path = `${this.#args.save_dir}/${file}`;
    this.#context.files.replace(path, writeTorchFile(Object.fromEntries(entries)));
    engine.log.info(`Saved checkpoint at epoch ${engine.state.epoch}: ${this.#context.files.describe(path)}`);
  }

  #remove(names: readonly string[]): void {
    for (const name of names) this.#context.files.remove(`${this.#args.save_dir}/${name}`);
  }
}
