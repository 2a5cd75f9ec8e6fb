import type { MmarId } from '../../../common/api/ids.ts';
import type { VolumePlace } from '../../../common/api/images.ts';
import type { Fault } from '../../../common/fault.ts';
import type { Vector3 } from '../../../common/imaging/affine.ts';
import type { PlannedStep, PreviewStep, StepImage } from '../../../common/preview-protocol.ts';
import { api } from '../../api.ts';
import { voxelToFrame } from '../../viewer/geometry/frame.ts';
import { makeOverlay, type LabelOverlay } from '../../viewer/label-overlay.ts';
import { openVolume } from '../../viewer/volume/open-volume.ts';
import type { ViewVolume } from '../../viewer/volume/view-volume.ts';
import type { VoxelBox } from '../../viewer/scene.ts';
import type { Viewer } from '../../viewer/viewer.svelte.ts';
import { windowOfRange, type WindowPreset } from '../../viewer/window-level.ts';

/** Which image of a step is shown. */
export type Side = 'before' | 'after' | 'swipe';

/** A transform, and what became of it. */
export interface StepRow {
  readonly index: number;
  readonly plan: PlannedStep;
  readonly result: PreviewStep | undefined;
  readonly faults: readonly Fault[];
}

interface Failure {
  readonly index: number | null;
  readonly faults: readonly Fault[];
}

const CONFIG = 'config/config_train.json';

/** The pre_transforms of a config over one case, step by step, as the trainer does them. */
export class Pipeline {
  readonly #mmar: MmarId;
  readonly #viewer: Viewer;
  readonly #labelNames: () => Readonly<Record<string, string>>;
  #plan = $state.raw<readonly PlannedStep[]>([]);
  #results = $state.raw<readonly PreviewStep[]>([]);
  #failure = $state.raw<Failure | undefined>(undefined);
  #problem = $state.raw<unknown>(undefined);
  #imageProblem = $state.raw<unknown>(undefined);
  #preview = $state.raw<string | undefined>(undefined);
  #isRunning = $state(false);
  #isOpening = $state(false);
  #seconds = $state.raw<number | undefined>(undefined);
  #isUnsaved = $state(false);
  #step = $state(0);
  #item = $state(0);
  #side = $state<Side>('after');
  #place: { readonly list: string; readonly index: number } | undefined;
  #running = new AbortController();
  #opening = new AbortController();
  section = $state<'train' | 'validate'>('train');
  /** Of the training; undefined takes the config's. */
  seed = $state<number | undefined>(undefined);
  epoch = $state(1);
  #configSeed = $state(0);

  readonly rows = $derived(
    this.#plan.map((plan, index): StepRow => ({
      index,
      plan,
      result: this.#results.find((result) => result.index === index),
      faults: this.#failure?.index === index ? this.#failure.faults : [],
    })),
  );
  readonly chosen = $derived(this.rows[this.#step]);

  constructor(mmar: MmarId, viewer: Viewer, labelNames: () => Readonly<Record<string, string>>) {
    this.#mmar = mmar;
    this.#viewer = viewer;
    this.#labelNames = labelNames;
  }

  get step(): number {
    return this.#step;
  }

  get item(): number {
    return this.#item;
  }

  get side(): Side {
    return this.#side;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  get isOpening(): boolean {
    return this.#isOpening;
  }

  /** How long the whole pipeline took; undefined until it is through. */
  get seconds(): number | undefined {
    return this.#seconds;
  }

  /** The config has changes in the editor that are not saved, and those are what is shown. */
  get isUnsaved(): boolean {
    return this.#isUnsaved;
  }

  /** Faults of no single step. */
  get faults(): readonly Fault[] {
    return this.#failure?.index === null ? this.#failure.faults : [];
  }

  get problem(): unknown {
    return this.#problem;
  }

  get imageProblem(): unknown {
    return this.#imageProblem;
  }

  get seedInUse(): number {
    return this.seed ?? this.#configSeed;
  }

  /** Runs the transforms over a case; the chosen step stays chosen. */
  async run(list: string, index: number): Promise<void> {
    this.#place = { list, index };
    this.#running.abort();
    const { signal } = (this.#running = new AbortController());
    this.#isRunning = true;
    this.#problem = undefined;
    this.#failure = undefined;
    this.#seconds = undefined;
    try {
      const configText = await this.#readConfig();
      const request = { mmar: this.#mmar, configFile: CONFIG, configText, section: this.section };
      const draws = { listKey: list, index, seed: this.seedInUse, epoch: this.epoch };
      for await (const item of api.images.preview({ ...request, ...draws }, { signal })) {
        if (signal.aborted) return;
        if (item.type === 'opened') this.#preview = item.preview;
        else if (item.type === 'plan') this.#begin(item.steps);
        else if (item.type === 'step') this.#add(item.step);
        else if (item.type === 'failed') this.#failure = item;
        else this.#seconds = item.seconds;
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#problem = error;
    }
    if (!signal.aborted) this.#isRunning = false;
  }

  /** Runs again with other settings. */
  async again(change: Partial<Pick<Pipeline, 'section' | 'seed' | 'epoch'>> = {}): Promise<void> {
    Object.assign(this, change);
    if (this.#place !== undefined) await this.run(this.#place.list, this.#place.index);
  }

  stop(): void {
    this.#running.abort();
    this.#opening.abort();
    this.#isRunning = false;
    this.#isOpening = false;
  }

  /** Shows the image after a step; where it cut patches, first where they were cut. */
  async showStep(index: number): Promise<void> {
    this.#step = index;
    const boxes = this.chosen?.result?.boxes ?? [];
    if (boxes.length > 0) this.#side = 'before';
    else if (this.#side === 'before') this.#side = 'after';
    await this.#show();
  }

  async showSide(side: Side): Promise<void> {
    this.#side = side;
    await this.#show();
  }

  /** Shows one of the items that the crops made, or the middle of where it was cut. */
  async showItem(item: number): Promise<void> {
    this.#item = item;
    const box = this.chosen?.result?.boxes.find((found) => found.item === item);
    if (this.#side === 'before' && box === undefined) this.#side = 'after';
    await this.#show();
    const frame = this.#viewer.frame;
    if (this.#side !== 'before' || box === undefined || frame === undefined) return;
    const middle = box.start.map((first, axis) => first + Math.floor(box.size[axis]! / 2));
    this.#viewer.lookAt(voxelToFrame(frame, middle as unknown as Vector3));
  }

  #begin(steps: readonly PlannedStep[]): void {
    this.#plan = steps;
    this.#results = [];
    this.#step = Math.min(this.#step, Math.max(0, steps.length - 1));
  }

  #add(step: PreviewStep): void {
    this.#results = [...this.#results, step];
    if (step.index === this.#step) void this.#show();
  }

  /** The text as it is being edited, where the editor has kept one; the file otherwise. */
  async #readConfig(): Promise<string> {
    const drafts = await api.files.drafts({ mmar: this.#mmar });
    const draft = drafts.find(({ path }) => path === CONFIG);
    this.#isUnsaved = draft !== undefined;
    const text = draft?.text ?? (await api.files.read({ mmar: this.#mmar, path: CONFIG })).text;
    this.#configSeed = seedOf(text);
    return text;
  }

  async #show(): Promise<void> {
    const { chosen } = this;
    const preview = this.#preview;
    if (chosen?.result === undefined || preview === undefined) return;
    this.#opening.abort();
    const { signal } = (this.#opening = new AbortController());
    this.#isOpening = true;
    this.#imageProblem = undefined;
    try {
      const { result } = chosen;
      const item = Math.min(this.#item, result.items - 1);
      const parent =
        result.boxes.find((box) => box.item === item)?.parent ?? Math.min(item, this.#itemsBefore() - 1);
      const isBefore = this.#side === 'before' && result.index > 0;
      const shown = isBefore ? { step: result.index - 1, item: parent } : { step: result.index, item };
      const image = await this.#open(preview, { ...shown, key: 'image' }, signal);
      const overlays = await this.#openLabels(preview, shown, image, signal);
      const compare =
        this.#side === 'swipe' && result.index > 0
          ? await this.#open(preview, { step: result.index - 1, item: parent, key: 'image' }, signal)
          : undefined;
      if (signal.aborted) return;
      const boxes = isBefore ? boxesOf(result, parent, item) : [];
      this.#viewer.show({ image, overlays, compare, boxes, presets: this.#presets() }, { keep: true });
    } catch (error) {
      if (signal.aborted) return;
      this.#imageProblem = error;
    }
    if (!signal.aborted) this.#isOpening = false;
  }

  #itemsBefore(): number {
    return this.rows[this.#step - 1]?.result?.items ?? 1;
  }

  #open(
    preview: string,
    ref: { step: number; item: number; key: string },
    signal: AbortSignal,
  ): Promise<ViewVolume> {
    const place: VolumePlace = { from: 'preview', preview, channel: 0, ...ref };
    return openVolume(place, signal);
  }

  /** The label after the step, where it fits the image: a wrong resampling is to be seen, so it is not mended. */
  async #openLabels(
    preview: string,
    { step, item }: { step: number; item: number },
    image: ViewVolume,
    signal: AbortSignal,
  ): Promise<readonly LabelOverlay[]> {
    const label = this.#imagesOf(step).find((known) => known.item === item && known.key === 'label');
    if (label === undefined || !label.statistics.whole) return [];
    const volume = await this.#open(preview, { step, item, key: 'label' }, signal);
    return [makeOverlay({ id: 'label', name: 'Label', volume, names: this.#labelNames() }, image)];
  }

  #imagesOf(step: number): readonly StepImage[] {
    return this.rows[step]?.result?.images ?? [];
  }

  /** The range that the config scales from, as a window for the images before that. */
  #presets(): readonly WindowPreset[] {
    const scale = this.#plan.find(({ name }) => /^ScaleIntensityRange/.test(name));
    const { a_min: low, a_max: high } = scale?.args ?? {};
    if (typeof low !== 'number' || typeof high !== 'number' || !(high > low)) return [];
    return [{ id: 'config', title: 'Config’s range', window: windowOfRange(low, high) }];
  }
}

function boxesOf({ boxes }: PreviewStep, parent: number, item: number): readonly VoxelBox[] {
  const own = boxes.filter((box) => box.parent === parent);
  return own.map(({ item: made, start, size }) => ({
    start,
    size,
    title: own.length > 1 ? `Patch ${made + 1}` : '',
    isChosen: made === item,
  }));
}

/** `determinism.random_seed` of a config, which may be broken while it is edited; 0 without one. */
function seedOf(text: string): number {
  try {
    const { determinism } = JSON.parse(text) as { determinism?: { random_seed?: unknown } };
    const seed = Number(determinism?.random_seed);
    return Number.isInteger(seed) && seed >= 0 ? seed : 0;
  } catch {
    return 0;
  }
}
