import type { Item } from '../../../trainer/data/item.ts';
import { createTensor, type Tensor } from '../../../trainer/data/tensor.ts';
import type { Batch, DataLoader } from '../../../trainer/datasets/batch.ts';
import type { EngineEvent, Handler, Log } from '../../../trainer/engines/engine.ts';
import type { MetricSlots } from '../../../trainer/engines/metric-slots.ts';

export const tensor = (shape: readonly number[], ...numbers: number[]): Tensor =>
  createTensor(shape, Float32Array.from(numbers));

/** A loader over batches whose images hold one number per case. */
export function fakeLoader(
  ...batches: readonly (readonly number[])[]
): DataLoader & { readonly passes: number[] } {
  const passes: number[] = [];
  return {
    passes,
    caseCount: batches.flat().length,
    batchCount: batches.length,
    async *iterate(pass) {
      passes.push(pass);
      yield* batches.map((numbers): Batch => {
        const field = tensor([numbers.length, 1, 1], ...numbers);
        const items = numbers.map((number): Item => ({ label: tensor([1, 1], number) }));
        return { fields: { image: field, label: field }, items };
      });
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** Writes down the named events, each with what `describe` makes of the engine. */
export function recorder(events: readonly EngineEvent[], log: string[], name = ''): Handler {
  return {
    name: 'Recorder',
    attach(engine) {
      for (const event of events) {
        engine.on(
          event,
          () => void log.push(`${name}${event} ${engine.state.epoch}/${engine.state.iteration}`),
        );
      }
    },
  };
}

export function collectLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    info: (text) => void lines.push(text),
    warning: (text) => void lines.push(`warning: ${text}`),
  };
}

/** The mean of the first number of `pred` over the cases. */
export function meanOfPredictions(
  values: (sum: number, count: number) => number | null = (sum, count) => sum / count,
): MetricSlots {
  let sum = 0;
  let count = 0;
  return {
    hasKey: true,
    slots: [
      {
        label: 'mean',
        component: 'Mean',
        predictionKey: 'pred',
        labelKey: 'label',
        metric: {
          firstClass: 0,
          reset: () => void ([sum, count] = [0, 0]),
          update: (prediction) => {
            sum += prediction.data[0];
            count++;
          },
          value: () => values(sum, count),
        },
      },
    ],
  };
}
