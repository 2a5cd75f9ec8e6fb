import { FaultError } from '../../common/fault.ts';
import type { Item } from '../data/item.ts';
import { isTensor, type Tensor } from '../data/tensor.ts';
import type { Metric } from '../metrics/metric.ts';

/** A metric at its place in a config. */
export interface MetricSlot {
  /** What logs call it: `log_label`, else the class name. */
  readonly label: string;
  /** The class name, for messages. */
  readonly component: string;
  readonly metric: Metric;
  /** What of an item is compared with what. */
  readonly predictionKey: string;
  readonly labelKey: string;
}

/** The metrics of an engine: the first decides which model is best, if `hasKey`. */
export interface MetricSlots {
  readonly hasKey: boolean;
  readonly slots: readonly MetricSlot[];
}

export const NO_METRICS: MetricSlots = { hasKey: false, slots: [] };

/** What a metric came to in an epoch. */
export interface MetricResult {
  readonly label: string;
  readonly isKey: boolean;
  /** null where it is undefined: no case, or none with the class. */
  readonly value: number | null;
  /** The class that `perClass[0]` is about. */
  readonly firstClass: number;
  readonly perClass?: readonly (number | null)[];
  /** One row per case; NaN where a class is undefined. */
  readonly perCase?: readonly (readonly number[])[];
}

export function resetMetrics({ slots }: MetricSlots): void {
  for (const { metric } of slots) metric.reset();
}

/** Adds cases to every metric. */
export function updateMetrics({ slots }: MetricSlots, items: readonly Item[]): void {
  for (const slot of slots) {
    for (const item of items) {
      slot.metric.update(tensorOf(item, slot.predictionKey, slot), tensorOf(item, slot.labelKey, slot));
    }
  }
}

export function computeMetrics({ hasKey, slots }: MetricSlots): readonly MetricResult[] {
  return slots.map(({ label, metric }, index) => {
    const value = metric.value();
    return {
      label,
      isKey: hasKey && index === 0,
      value: value === null || Number.isNaN(value) ? null : value,
      firstClass: metric.firstClass,
      ...(metric.perClass && { perClass: metric.perClass() }),
      ...(metric.perCase && { perCase: metric.perCase() }),
    };
  });
}

function tensorOf(item: Item, key: string, { component }: MetricSlot): Tensor {
  const value = item[key];
  if (isTensor(value)) return value;
  throw new FaultError({
    code: 'wrong-argument',
    message: `The cases hold no image "${key}".`,
    component,
    argument: 'output_transform',
    allowed: Object.keys(item)
      .filter((name) => isTensor(item[name]))
      .join(', '),
  });
}
