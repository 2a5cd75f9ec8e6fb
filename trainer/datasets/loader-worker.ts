import { parentPort, workerData } from 'node:worker_threads';
import { FaultError } from '../../common/fault.ts';
import { restrictWrites } from '../files/write-places.ts';
import { Dataset } from './dataset.ts';
import { loadBatch } from './load-batch.ts';
import {
  listTransfers,
  packBatch,
  type LoaderData,
  type LoadMessage,
  type WorkerMessage,
} from './worker-messages.ts';

/** The program of a worker thread: loads the batches that it is asked for, one after the other. */
const { definition, writePlaces } = workerData as LoaderData;
restrictWrites(writePlaces);
const port = parentPort!;
const building = Dataset.build(definition);
// Its failure is reported with the first batch that is asked for.
building.catch(() => undefined);

port.on('message', async (message: LoadMessage) => {
  try {
    const result = packBatch(loadBatch(await building, message.requests, definition.dataRoot));
    port.postMessage(
      { id: message.id, outcome: 'loaded', result } satisfies WorkerMessage,
      listTransfers(result),
    );
  } catch (error) {
    port.postMessage(describeError(message.id, error));
  }
});

function describeError(id: number, error: unknown): WorkerMessage {
  if (error instanceof FaultError) return { id, outcome: 'faults', faults: error.faults };
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { id, outcome: 'error', message, stack: stack ?? '' };
}
