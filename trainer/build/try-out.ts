import type { Item } from '../data/item.ts';
import { countElements, createTensor } from '../data/tensor.ts';
import type { Batch, DataLoader } from '../datasets/batch.ts';
import { fieldOf, requireKnownClasses } from '../engines/batch-fields.ts';
import { decollate } from '../engines/decollate.ts';
import { computeMetrics, resetMetrics, updateMetrics, type MetricSlots } from '../engines/metric-slots.ts';
import type { RunStep } from '../engines/supervised-trainer.ts';
import type { Inferer, Predict } from '../inferers/inferer.ts';

/** What predictions go through on their way to the metrics. */
export interface Afterwards {
  readonly loader: DataLoader;
  readonly postprocess: (items: readonly Item[]) => readonly Item[];
  readonly metrics: MetricSlots;
}

/** One training step, and its predictions to the metrics. */
export async function tryBatch(
  runStep: RunStep,
  classCount: number,
  learningRate: number,
  afterwards: Afterwards,
) {
  const batch = await firstBatch(afterwards.loader);
  requireKnownClasses(batch, classCount);
  const image = fieldOf(batch, 'image', 'SupervisedTrainer');
  const { loss, prediction } = await runStep(
    image,
    fieldOf(batch, 'label', 'SupervisedTrainer'),
    learningRate,
  );
  if (prediction !== undefined) measure(decollate(batch, prediction), afterwards);
  return { imageShape: image.shape, loss };
}

/** One case through the inferer, of whose windows only the first is computed, and to the metrics. */
export async function tryCase(
  inferer: Inferer,
  predict: Predict,
  classCount: number,
  afterwards: Afterwards,
) {
  const batch = await firstBatch(afterwards.loader);
  const image = fieldOf(batch, 'image', 'SupervisedEvaluator');
  let seconds: number | undefined;
  const predictions = await inferer.infer(image, async (window) => {
    const [count, , ...size] = window.shape;
    const shape = [count, classCount, ...size];
    if (seconds !== undefined) return createTensor(shape, new Float32Array(countElements(shape)));
    const startedAt = performance.now();
    const prediction = await predict(window);
    seconds = (performance.now() - startedAt) / 1000;
    return prediction;
  });
  measure(decollate(batch, predictions), afterwards);
  return { imageShape: image.shape, seconds: seconds ?? 0 };
}

async function firstBatch(loader: DataLoader): Promise<Batch> {
  for await (const batch of loader.iterate(1)) return batch;
  throw new Error('A loader without a batch');
}

function measure(items: readonly Item[], { postprocess, metrics }: Afterwards): void {
  resetMetrics(metrics);
  updateMetrics(metrics, postprocess(items));
  computeMetrics(metrics);
}
