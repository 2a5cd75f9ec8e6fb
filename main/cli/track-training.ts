import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FaultError } from '../../common/fault.ts';
import { trackingFolder } from '../automl/tracked-run.ts';
import { openStoreSink } from '../mlflow/project-run/store-sink.ts';
import { TrainingProjection, type TrainingOutcome } from '../mlflow/project-run/training-projection.ts';
import { openTrackingStore } from '../mlflow/store/tracking-store.ts';
import { EXIT } from './exit-code.ts';
import type { Output } from './output.ts';

/** A training that is shown in MLflow, or is not, as the store cannot be written. */
export interface TrackedTraining {
  /** @param code the trainer's exit code */
  end(code: number): Promise<void>;
}

const INTERVAL_MS = 2000;
const BUSY_TIMEOUT_MS = 1000;

const OUTCOMES: Readonly<Record<number, Omit<TrainingOutcome, 'endTime'>>> = {
  [EXIT.ok]: { status: 'FINISHED', word: 'completed' },
  [EXIT.aborted]: { status: 'KILLED', word: 'aborted' },
  [EXIT.diverged]: { status: 'FAILED', word: 'diverged' },
};
const FAILED = { status: 'FAILED', word: 'failed' } as const;

/** Shows a training in MLflow from now on. Trouble with the store is said once; the training goes on without it. */
export async function trackTraining(args: readonly string[], output: Output): Promise<TrackedTraining> {
  const { mmar, config } = readPlace(args);
  let hasFailed = false;
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    if (hasFailed) return;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      hasFailed = true;
      output.note(`warning: the training is not shown in MLflow: ${error.message}`);
    }
  };
  let opened: Awaited<ReturnType<typeof open>> | undefined;
  await attempt(async () => {
    opened = await open(resolve(mmar), config);
  });
  let pulling = Promise.resolve();
  const pull = (): void => {
    pulling = pulling.then(() => attempt(async () => opened?.projection.pull()));
  };
  const timer = setInterval(pull, INTERVAL_MS);
  return {
    end: async (code) => {
      clearInterval(timer);
      await pulling;
      await attempt(async () =>
        opened?.projection.end({ ...(OUTCOMES[code] ?? FAILED), endTime: Date.now() }),
      );
      opened?.store.close();
    },
  };
}

async function open(mmarRoot: string, config: string) {
  const store = openTrackingStore(trackingFolder(), { busyTimeoutMs: BUSY_TIMEOUT_MS });
  try {
    if (store.readOnly !== undefined) throw new FaultError(store.readOnly);
    const projection = await TrainingProjection.begin({ mmarRoot, config }, openStoreSink(store), Date.now());
    return { store, projection };
  } catch (error) {
    store.close();
    throw error;
  }
}

function readPlace(args: readonly string[]): { readonly mmar: string; readonly config: string } {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    options: { mmar: { type: 'string', short: 'm' }, train_config: { type: 'string', short: 'c' } },
  });
  const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
  return { mmar: text(values.mmar, '.'), config: text(values.train_config, 'config/config_train.json') };
}
