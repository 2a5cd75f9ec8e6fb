import type { Shape } from '../graph/value.ts';
import { createPredictor, type Predictor, type PredictorOptions } from './predictor.ts';
import { createTrainStep, type TrainStep, type TrainStepOptions } from './train-step.ts';

interface Disposable {
  dispose(): Promise<void>;
}

/** Loaded graphs by the shapes that they are made for; the longest unused one makes room for a new one. */
interface Pool<T> {
  /** The one for the key, made if it is not there. */
  get(key: string, make: () => Promise<T>): Promise<T>;
  dispose(): Promise<void>;
}

function createPool<T extends Disposable>(capacity: number): Pool<T> {
  // A map keeps the order of insertion: the first item is the longest unused one.
  const items = new Map<string, T>();
  const disposeOldest = async (): Promise<void> => {
    const [oldest, item] = items.entries().next().value!;
    items.delete(oldest);
    await item.dispose();
  };
  return {
    async get(key, make) {
      const known = items.get(key);
      if (known === undefined && items.size === capacity) await disposeOldest();
      const item = known ?? (await make());
      items.delete(key);
      items.set(key, item);
      return item;
    },
    async dispose() {
      const all = [...items.values()];
      items.clear();
      for (const item of all) await item.dispose();
    },
  };
}

const keyOf = (...shapes: readonly Shape[]): string => shapes.map((shape) => shape.join('x')).join(' ');

/**
 * A training step for batches of any shape, since the last batch of an epoch may be smaller. `capacity` (default 2) is how
 * many shapes stay loaded.
 */
export function createTrainStepPool(
  options: Omit<TrainStepOptions, 'imageShape' | 'labelShape'>,
  capacity = 2,
): TrainStep {
  const pool = createPool<TrainStep>(capacity);
  return {
    async run(state, batch, learningRate) {
      const shapes = { imageShape: batch.image.shape, labelShape: batch.label.shape };
      const step = await pool.get(keyOf(shapes.imageShape, shapes.labelShape), () =>
        createTrainStep({ ...options, ...shapes }),
      );
      return step.run(state, batch, learningRate);
    },
    dispose: () => pool.dispose(),
  };
}

/** A network for images of any shape that it can take. `capacity` (default 4) is how many shapes stay loaded. */
export function createPredictorPool(options: Omit<PredictorOptions, 'shape'>, capacity = 4): Predictor {
  const pool = createPool<Predictor>(capacity);
  return {
    async predict(state, images) {
      const predictor = await pool.get(keyOf(images.shape), () =>
        createPredictor({ ...options, shape: images.shape }),
      );
      return predictor.predict(state, images);
    },
    dispose: () => pool.dispose(),
  };
}
