import { FaultError, type Fault } from '../../common/fault.ts';
import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../../common/json.ts';
import { buildComponent } from '../../common/mmar/build-component.ts';
import { checkComponent } from '../../common/mmar/check-components.ts';
import type { ComponentNode } from '../../common/mmar/resolved-config.ts';
import { readCheckpoint } from '../checkpoint/read-checkpoint.ts';
import { loadStateDict } from '../checkpoint/state-dict.ts';
import { torchValueToJson } from '../checkpoint/torch-file.ts';
import type { TorchValue } from '../checkpoint/torch-value.ts';
import type { MmarFiles } from '../files/mmar-files.ts';
import { createModelState, type ModelState } from '../model/model-state.ts';
import type { Network } from '../networks/network.ts';

/** A checkpoint and the network that its config describes. */
export interface CheckpointModel {
  readonly checkpoint: ReadonlyMap<string, TorchValue>;
  readonly node: ComponentNode;
}

/**
 * Reads a checkpoint and finds its network: in the `train_conf` that it carries, else in the MMAR's train config, as
 * MONAI's `load_from_mmar` does.
 *
 * @param fallback the MMAR's train config after substitution; asked for only when it is needed
 */
export function readCheckpointModel(
  files: MmarFiles,
  path: string,
  fallback: () => JsonObject,
): CheckpointModel {
  const checkpoint = readCheckpoint(files, path);
  const carried = checkpoint.get('train_conf');
  const config = carried === undefined ? fallback() : torchValueToJson(carried);
  const file = carried === undefined ? 'config/config_train.json' : `${files.describe(path)} (train_conf)`;
  return { checkpoint, node: findNetwork(config, file) };
}

/** The network with a checkpoint's weights. */
export function createLoadedState(
  files: MmarFiles,
  path: string,
  network: Network,
  checkpoint: ReadonlyMap<string, TorchValue>,
): ModelState {
  const state = createModelState(network, 0);
  try {
    loadStateDict(state, checkpoint.get('model') ?? checkpoint, { strict: true, strictShape: true });
    return state;
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    const place = { file: files.describe(path), component: network.name };
    throw new FaultError(...error.faults.map((fault) => ({ ...fault, ...place })));
  }
}

/** The enabled `train.model` (or `model`) of a config whose variables are filled in. */
function findNetwork(config: Json, file: string): ComponentNode {
  const section = isJsonObject(config) && isJsonObject(config.train) ? config.train : config;
  const model = isJsonObject(section) ? section.model : undefined;
  const at: JsonPath = section === config ? ['model'] : ['train', 'model'];
  const alternatives = Array.isArray(model) ? (model as readonly Json[]) : [model ?? null];
  const enabled = alternatives.filter((item) => isJsonObject(item) && item.disabled !== true);
  if (enabled.length !== 1) {
    throw new FaultError({
      code: enabled.length === 0 ? 'no-alternative-enabled' : 'several-alternatives-enabled',
      file,
      path: at,
      message:
        enabled.length === 0
          ? 'The config has no enabled network.'
          : 'The config has several enabled networks.',
      allowed: 'exactly one {"name": "UNet", "args": {...}}',
    });
  }
  const faults: Fault[] = [];
  const node = buildComponent(enabled[0], at, {
    file,
    variables: {},
    isSlot: () => false,
    report: (fault) => void faults.push(fault),
  });
  if (node !== undefined) faults.push(...checkComponent(node, file, 'network'));
  if (node === undefined || faults.length > 0) throw new FaultError(...faults);
  return node;
}
