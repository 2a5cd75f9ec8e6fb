import { setImmediate as nextTurn } from 'node:timers/promises';
import { saveImageSpec } from '../../common/components/transforms/input-output.ts';
import { FaultError } from '../../common/fault.ts';
import type { VolumeFacts } from '../../common/imaging/volume-facts.ts';
import type {
  DrawnValue,
  PreviewEvent,
  PreviewRequest,
  StepImageRef,
} from '../../common/preview-protocol.ts';
import { isTensor } from '../data/tensor.ts';
import { locatingFaults } from '../data/locate-faults.ts';
import { caseSeed } from '../datasets/seeds.ts';
import type { MmarFiles } from '../files/mmar-files.ts';
import { describeFailure } from '../program/describe-failure.ts';
import { collectDraws, type Draw } from '../transforms/report-draw.ts';
import { isRandomTransform } from '../transforms/transform.ts';
import { describeImages, findBoxes, type PlacedItem } from './describe-step.ts';
import { followPlaces } from './image-place.ts';
import { openPipeline, planSteps, type Pipeline } from './pipeline.ts';
import { writeStepImage } from './write-step-image.ts';

/** The items after one step; undefined where they were let go to save memory. */
interface KeptStep {
  /** Everything that the items depend on. */
  readonly key: string;
  readonly seconds: number;
  readonly draws: readonly DrawnValue[];
  items: readonly PlacedItem[] | undefined;
}

/** What a transform made of the items before it. */
interface Applied {
  readonly items: readonly PlacedItem[];
  readonly draws: readonly DrawnValue[];
}

/** More than this many bytes of images are not kept: steps are run again when they are wanted. */
const MOST_KEPT_BYTES = 1.5 * 2 ** 30;

/**
 * Runs the transforms of one MMAR over cases and keeps what each step made. What an edit does not touch is not run again.
 */
export class PreviewSession {
  readonly #files: MmarFiles;
  readonly #mostKeptBytes: number;
  #pipeline: Pipeline | undefined;
  #seed = 0;
  #steps: KeptStep[] = [];

  constructor(files: MmarFiles, mostKeptBytes = MOST_KEPT_BYTES) {
    this.#files = files;
    this.#mostKeptBytes = mostKeptBytes;
  }

  /**
   * Runs the pipeline step by step. The random numbers are those that a training with this seed draws for this case in this
   * epoch. Ends early when `signal` aborts; never throws for an expected failure, which is the last event then.
   */
  async *run(request: PreviewRequest, signal: AbortSignal): AsyncGenerator<PreviewEvent> {
    const startedAt = performance.now();
    let current: number | null = null;
    try {
      const pipeline = await openPipeline(request, this.#files);
      this.#seed = caseSeed(request.seed, request.epoch, request.index);
      const keys = stepKeys(pipeline, this.#seed);
      this.#steps = this.#steps.filter(({ key }, index) => key === keys[index]);
      this.#pipeline = pipeline;
      yield { type: 'plan', steps: [...planSteps(pipeline)], caseSeed: this.#seed };
      pipeline.chain.setRandomState(this.#seed);
      for (let index = 0; index < pipeline.chain.transforms.length; index++) {
        await nextTurn();
        if (signal.aborted) return;
        current = index;
        yield this.#runStep(pipeline, index, keys[index]);
      }
      current = pipeline.chain.transforms.length;
      if (pipeline.obstacle !== undefined) throw pipeline.obstacle;
      yield { type: 'done', seconds: (performance.now() - startedAt) / 1000 };
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      yield { type: 'failed', index: current, faults: [...describeFailure(error, this.#files).faults] };
    }
  }

  /** Writes an image after a step of the last run; runs steps again whose items were let go. */
  write(image: StepImageRef, file: string): VolumeFacts {
    return writeStepImage(this.#itemsAfter(image.step), image, file);
  }

  #runStep(pipeline: Pipeline, index: number, key: string): PreviewEvent {
    const reused = this.#steps[index]?.key === key;
    if (!reused) {
      const startedAt = performance.now();
      const { items, draws } = this.#apply(pipeline, index);
      this.#steps[index] = { key, items, draws, seconds: (performance.now() - startedAt) / 1000 };
    }
    const items = this.#itemsAfter(index)!;
    const before = this.#itemsAfter(index - 1) ?? [];
    this.#letGo(index);
    const isSkipped = pipeline.chain.transforms[index].name === saveImageSpec.name;
    return {
      type: 'step',
      step: {
        index,
        seconds: this.#steps[index].seconds,
        reused,
        ...(isSkipped ? { skipped: 'It writes files, which a preview does not.' } : {}),
        items: items.length,
        images: [...describeImages(items, before)],
        boxes: [...findBoxes(items, before)],
        draws: [...this.#steps[index].draws],
      },
    };
  }

  /** The items after a step; before the first one there is the case as the data list has it. */
  #itemsAfter(index: number): readonly PlacedItem[] | undefined {
    const pipeline = this.#pipeline;
    if (pipeline === undefined || index >= this.#steps.length) return undefined;
    if (index < 0) return [{ item: pipeline.item, places: new Map(), parent: 0 }];
    return (this.#steps[index].items ??= this.#apply(pipeline, index).items);
  }

  /** One transform over all items, by the trainer's own composition, so that draws come in its order. */
  #apply(pipeline: Pipeline, index: number): Applied {
    const { chain, slots, nodes, dataRoot } = pipeline;
    const transform = chain.transforms[index];
    const before = this.#itemsAfter(index - 1)!;
    if (transform.name === saveImageSpec.name)
      return { items: before.map((item, parent) => ({ ...item, parent })), draws: [] };
    // Each transform has a stream of its own, so any of them can be run again by itself.
    chain.setRandomState(this.#seed);
    const step = { name: transform.name, random: isRandomTransform(transform) };
    return slots.at(nodes[index], () =>
      locatingFaults(dataRoot, () => {
        const applied = before.map(({ item, places }, parent) => {
          const { result, draws } = collectDraws(() => chain.apply(item, index, index + 1));
          return {
            items: result.map((made): PlacedItem => ({
              item: made,
              places: followPlaces(item, places, made, step),
              parent,
            })),
            draws: draws.map((draw) => describeDraw(draw, parent)),
          };
        });
        return {
          items: applied.flatMap(({ items }) => items),
          draws: applied.flatMap(({ draws }) => draws),
        };
      }),
    );
  }

  /** Lets the oldest steps go, but for the first, until what is left is small enough. */
  #letGo(newest: number): void {
    for (let index = 1; index < newest && this.#keptBytes() > this.#mostKeptBytes; index++) {
      this.#steps[index].items = undefined;
    }
  }

  #keptBytes(): number {
    const items = this.#steps.flatMap((step) => step.items ?? []);
    const buffers = new Set(
      items.flatMap(({ item }) =>
        Object.values(item).flatMap((value) => (isTensor(value) ? [value.data.buffer] : [])),
      ),
    );
    return [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }
}

const describeDraw = ({ name, value }: Draw, item: number): DrawnValue => ({
  item,
  name,
  value: typeof value === 'object' ? [...value] : value,
});

/** What the items after each step depend on: the case, all transforms so far and, from the first random one on, the seed. */
function stepKeys({ item, definitions, chain }: Pipeline, seed: number): readonly string[] {
  let key = JSON.stringify(item);
  return definitions.map((definition, index) => {
    key += JSON.stringify(definition) + (index === chain.fixedCount ? String(seed) : '');
    return key;
  });
}
