import type { CheckpointLoaderArgs } from '../../common/components/handlers.ts';
import { FaultError } from '../../common/fault.ts';
import { readCheckpoint } from '../checkpoint/read-checkpoint.ts';
import type { Saveable } from '../checkpoint/saveable.ts';
import type { TorchValue } from '../checkpoint/torch-value.ts';
import type { Handler, Log } from '../engines/engine.ts';
import type { MmarFiles } from '../files/mmar-files.ts';

export interface CheckpointLoaderContext {
  readonly files: MmarFiles;
  /** What to load, by key of the checkpoint. */
  readonly saveables: Readonly<Record<string, Saveable>>;
}

/**
 * `monai.handlers.CheckpointLoader` (0.8.1): at the start, takes each key of `load_dict` from the checkpoint. With a
 * single key, a checkpoint that is itself a state dict is accepted. Not when an interrupted training is resumed.
 */
export function createCheckpointLoader(
  args: CheckpointLoaderArgs,
  context: CheckpointLoaderContext,
): Handler {
  return {
    name: 'CheckpointLoader',
    tryOut: () => loadAll(args, context, { info: () => undefined, warning: () => undefined }),
    attach(engine) {
      engine.on('STARTED', () => {
        if (engine.kind === 'trainer' && engine.state.iteration > 0) return;
        loadAll(args, context, engine.log);
      });
    },
  };
}

function loadAll(args: CheckpointLoaderArgs, { files, saveables }: CheckpointLoaderContext, log: Log): void {
  const checkpoint = readCheckpoint(files, args.load_path);
  const file = files.describe(args.load_path);
  const keys = Object.keys(saveables);
  for (const [key, saveable] of Object.entries(saveables)) {
    const value = findValue(checkpoint, key, keys.length === 1);
    if (value === undefined) {
      throw new FaultError({
        code: 'checkpoint',
        file,
        message: `The checkpoint has no "${key}".`,
        component: 'CheckpointLoader',
        argument: 'load_dict',
        allowed: [...checkpoint.keys()].slice(0, 8).join(', '),
      });
    }
    const note = withFile(file, () =>
      saveable.load?.(value, { strict: args.strict, strictShape: args.strict_shape }),
    );
    if (note !== undefined) log.warning(`${file}: ${note}`);
  }
  log.info(`Restored ${keys.join(', ')} from ${file}`);
}

function findValue(
  checkpoint: ReadonlyMap<string, TorchValue>,
  key: string,
  only: boolean,
): TorchValue | undefined {
  return (
    checkpoint.get(key) ?? (only && key === 'model' && !checkpoint.has('state_dict') ? checkpoint : undefined)
  );
}

/** Adds the file to the faults of whoever does not know it. */
function withFile<T>(file: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    throw new FaultError(...error.faults.map((fault) => ({ ...fault, file, component: 'CheckpointLoader' })));
  }
}
