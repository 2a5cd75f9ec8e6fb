import type { Fault } from '../../common/fault.ts';
import type { Item, ItemValue } from '../data/item.ts';
import { isTensor, type Tensor } from '../data/tensor.ts';
import type { DatasetDefinition } from './dataset.ts';
import type { CaseRequest, LoadedBatch, PreparedCase } from './load-batch.ts';
import { splitBatch } from './collate.ts';

/** What a worker starts with. */
export interface LoaderData {
  readonly definition: DatasetDefinition;
  /** Where it may write, as the thread that starts it may. */
  readonly writePlaces: readonly string[] | undefined;
}

/** To a worker: a batch to load. */
export interface LoadMessage {
  readonly id: number;
  readonly requests: readonly CaseRequest[];
}

/** From a worker. */
export type WorkerMessage =
  | { readonly id: number; readonly outcome: 'loaded'; readonly result: PackedBatch }
  | { readonly id: number; readonly outcome: 'faults'; readonly faults: readonly Fault[] }
  | { readonly id: number; readonly outcome: 'error'; readonly message: string; readonly stack: string };

/** A batch on its way: items without the tensors that the fields hold. */
export interface PackedBatch {
  readonly fields: Readonly<Record<string, Tensor>>;
  readonly items: readonly Item[];
  readonly prepared: readonly PreparedCase[];
}

/** Takes a batch apart so that nothing is sent twice; prepared cases go into memory that both threads share. */
export function packBatch({ batch, prepared }: LoadedBatch): PackedBatch {
  return {
    fields: batch.fields,
    items: batch.items.map((item) => withoutKeys(item, batch.fields)),
    prepared: prepared.map(({ index, items }) => ({ index, items: items.map(shareTensors) })),
  };
}

export function unpackBatch({ fields, items, prepared }: PackedBatch): LoadedBatch {
  return { batch: splitBatch(fields, items), prepared };
}

/** The buffers of a packed batch that can change hands instead of being copied. */
export function listTransfers({ fields }: PackedBatch): ArrayBuffer[] {
  const buffers = Object.values(fields).map(({ data }) => data.buffer);
  return [...new Set(buffers.filter((buffer) => buffer instanceof ArrayBuffer))];
}

function withoutKeys(item: Item, fields: Readonly<Record<string, Tensor>>): Item {
  return Object.fromEntries(Object.entries(item).filter(([key]) => !Object.hasOwn(fields, key)));
}

function shareTensors(item: Item): Item {
  const entries = Object.entries(item).map(([key, value]): [string, ItemValue] => [
    key,
    isTensor(value) ? shareTensor(value) : value,
  ]);
  return Object.fromEntries(entries);
}

function shareTensor({ shape, data }: Tensor): Tensor {
  if (data.buffer instanceof SharedArrayBuffer) return { shape, data };
  const shared = new Float32Array(new SharedArrayBuffer(data.byteLength));
  shared.set(data);
  return { shape, data: shared };
}
