import { checkpointSaverSpec } from '../../common/components/handlers.ts';
import { CONFIG_REFERENCE } from '../../common/mmar/references.ts';
import type { Handler } from '../engines/engine.ts';
import { CheckpointSaver } from '../handlers/checkpoint-saver.ts';
import type { BuildContext } from './build-context.ts';
import type { HandlerPartners } from './build-handlers.ts';

/** A training always keeps its last model: with a saver of the program's own where the config has none. */
export function finalSaver(
  context: BuildContext,
  handlers: readonly Handler[],
  partners: HandlerPartners,
): Handler[] {
  const isThere = handlers.some((handler) => handler instanceof CheckpointSaver && handler.savesFinal);
  return isThere ? [] : [createSaver(context, partners, { save_final: true })];
}

/** A training that validates always keeps its best model. */
export function bestSaver(
  context: BuildContext,
  handlers: readonly Handler[],
  partners: HandlerPartners,
): Handler[] {
  const isThere = handlers.some((handler) => handler instanceof CheckpointSaver && handler.savesBest);
  return isThere ? [] : [createSaver(context, partners, { save_key_metric: true })];
}

function createSaver(
  { files, modelFolder }: BuildContext,
  { saveables }: HandlerPartners,
  what: { save_final?: true; save_key_metric?: true },
): CheckpointSaver {
  const args = checkpointSaverSpec.args.parse({ save_dir: modelFolder, save_dict: ['model'], ...what });
  return new CheckpointSaver(args, {
    files,
    saveables: { model: saveables.model(), train_conf: saveables[CONFIG_REFERENCE]() },
  });
}
