import { resolve } from 'node:path';
import { FaultError, type Fault } from '../../../common/fault.ts';
import type { ResolvedAutomlConfig } from '../../../common/mmar/config-automl.ts';
import {
  componentsOf,
  type ComponentNode,
  type ResolvedTrainConfig,
} from '../../../common/mmar/resolved-config.ts';
import { requireWritePlace } from '../trust/write-places.ts';

/** Arguments of config_automl.json that name a folder to write into. */
const SEARCH_FOLDERS: Readonly<Record<string, string>> = {
  MMARHandler: 'work_dir',
  MLflowHandler: 'store_dir',
};
/** Arguments of handlers and transforms that do. */
const TRAINING_FOLDERS = ['output_dir', 'save_dir', 'log_dir'];

/** An MMAR, and where outside of it the user lets its configs write: absolute paths. */
export interface WritingMmar {
  readonly mmarRoot: string;
  readonly writeTo: readonly string[];
}

/** Faults `path-not-allowed` for the folders that a search would write into and may not. */
export async function checkSearchPlaces(
  { file, handlers }: ResolvedAutomlConfig,
  mmar: WritingMmar,
): Promise<readonly Fault[]> {
  const own = handlers.filter(({ path }) => path === undefined);
  return findRefused(own, ({ name }) => [SEARCH_FOLDERS[name] ?? []].flat(), file, mmar);
}

/** Faults `path-not-allowed` for the folders that the components of a training would write into and may not. */
export async function checkTrainingPlaces(
  { file, train, validate = {} }: ResolvedTrainConfig,
  mmar: WritingMmar,
): Promise<readonly Fault[]> {
  const nodes = [train, validate].flatMap((section) =>
    Object.keys(section).flatMap((slot) => componentsOf(section, slot)),
  );
  return findRefused(nodes, () => TRAINING_FOLDERS, file, mmar);
}

async function findRefused(
  nodes: readonly ComponentNode[],
  argumentsOf: (node: ComponentNode) => readonly string[],
  file: string,
  { mmarRoot, writeTo }: WritingMmar,
): Promise<readonly Fault[]> {
  const faults: Fault[] = [];
  for (const node of nodes)
    for (const argument of argumentsOf(node)) {
      const folder = node.args[argument];
      if (typeof folder !== 'string' || folder === '') continue;
      const where = { file, path: [...node.at, 'args', argument], component: node.name, argument };
      try {
        await requireWritePlace(resolve(mmarRoot, folder), mmarRoot, writeTo, where);
      } catch (error) {
        if (!(error instanceof FaultError)) throw error;
        faults.push(...error.faults);
      }
    }
  return faults;
}
